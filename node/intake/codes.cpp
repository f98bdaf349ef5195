#include "node/intake/codes.h"

#include <algorithm>
#include <array>
#include <span>

#include "node/intake/cell_text.h"

namespace throughgate::node {
namespace {

// A code and the words for it, as plain_key gives them. The code itself is always understood.
struct CodeWords {
  std::string_view code;
  std::string_view words;
};

constexpr std::array roles{
    CodeWords{"CHAPLAINCY",
              "chaplaincyvolunteer chaplain faith chapel faithvolunteer caplaniaeth "
              "chaplaincyteam"},
    CodeWords{"MENTOR_CUSTODY", "mentor custodymentor prisonmentor mentorincustody mentoring"},
    CodeWords{"MENTOR_TTG",
              "ttgmentor throughthegatementor throughgatementor resettlementmentor "
              "throughthegate ttg mentorttg"},
    CodeWords{"GATE_MEETER", "gatemeeter meetatgate meetatthegate gatepickup meeter meetandgreet"},
    CodeWords{"LITERACY_TUTOR",
              "literacy reading readingmentor readingcoach shannontrust "
              "literacymentor readingplan"},
    CodeWords{"EDU_SUPPORT",
              "education educationsupport classroomassistant classroomsupport tutor"},
    CodeWords{"VISITS_CENTRE",
              "visits visitorscentre visitorcentre visitscentrevolunteer "
              "visitors teabar"},
    CodeWords{"PLAY_WORKER", "play playworker creche childrensplay"},
    CodeWords{"OPV", "officialprisonvisitor prisonvisitor officialvisitor"},
    CodeWords{"LISTENER_SUPPORT",
              "samaritan samaritans listener listeners listenersupport "
              "listenerscheme"},
    CodeWords{"ARTS_SPORT",
              "arts art sport sports artsandsport artsandsports music drama choir gym"},
    CodeWords{"ETE_COACH", "employment employmentcoach jobcoach ete cvcoach careers employability"},
    CodeWords{"FAMILY_LINK", "family familylinks familysupport familyworker"},
    CodeWords{"HOUSING_BENEFIT_ADVICE",
              "housing benefits housingadvice benefitsadvice advice "
              "welfareadvice housingandbenefits adviceworker"},
    CodeWords{"RJ_FACILITATOR",
              "restorativejustice rj restorativejusticefacilitator "
              "sycamoretree"},
    CodeWords{"COSA",
              "circles circlesvolunteer circlemember circlesofsupport "
              "circlesofsupportandaccountability"},
    CodeWords{"PROBATION_VOL", "probation probationvolunteer"},
    CodeWords{"BEFRIENDER_COMMUNITY", "befriender befriending communitybefriender"},
    CodeWords{"ADMIN_EVENTS", "admin administration events office adminandevents"},
    CodeWords{"PEER_ON_ROTL", "peer peermentor rotl peervolunteer"},
};

constexpr std::array statuses{
    CodeWords{"ENQUIRY", "enquired inquiry interested new enquirer"},
    CodeWords{"APPLICATION", "applied applicant application applicationreceived"},
    CodeWords{"SHORTLIST", "shortlisted"},
    CodeWords{"INTERVIEW", "interviewed awaitinginterview tointerview"},
    CodeWords{"REFERENCES", "reference awaitingreferences referencesrequested"},
    CodeWords{"VETTING",
              "invetting awaitingvetting awaitingclearance beingvetted "
              "vettinginprogress vettingsubmitted"},
    CodeWords{"INDUCTION", "ininduction awaitinginduction"},
    CodeWords{"ROLE_TRAINING", "training intraining awaitingtraining"},
    CodeWords{"TRIAL_PERIOD", "trial ontrial probationaryperiod probationary"},
    CodeWords{"ACTIVE", "current live volunteering gweithredol a"},
    CodeWords{"PAUSED", "onhold break onbreak inactive sabbatical onleave longtermsick dormant"},
    CodeWords{"LEAVING", "noticegiven onnotice"},
    CodeWords{"LEFT", "leaver resigned retired ended former finished exvolunteer"},
    CodeWords{"DECLINED", "rejected unsuccessful notaccepted turneddown"},
    CodeWords{"WITHDRAWN", "withdrew applicationwithdrawn"},
    CodeWords{"SUSPENDED", ""},
    CodeWords{"EXCLUDED", "banned gatebarred"},
};

constexpr std::array levels{
    CodeWords{"BASELINE", "bpss baseline basiccheck"},
    CodeWords{"STANDARD", "std standardvetting"},
    CodeWords{"STANDARD_PLUS", "standardplus stdplus"},
    CodeWords{"ENHANCED_1", "enhancedlevel1 el1 enhanced1 enhancedlevelone e1"},
    CodeWords{"ENHANCED_2", "enhancedlevel2 el2 enhanced2 enhancedleveltwo e2"},
    CodeWords{"CTC", "counterterroristcheck counterterrorismcheck"},
    CodeWords{"SC", "securitycheck securityclearance sccleared"},
    CodeWords{"DV", "developedvetting"},
    CodeWords{"DBS_BASIC", "basicdbs"},
    CodeWords{"DBS_STANDARD", "standarddbs"},
    CodeWords{"DBS_ENHANCED", "enhanceddbs enhancedcrb"},
    CodeWords{"DBS_ENHANCED_BARRED",
              "enhanceddbsbarred enhanceddbswithbarredlists "
              "enhanceddbsandbarredlists enhanceddbswithbarredlist "
              "enhanceddbsbothlists"},
};

constexpr std::array dbs_levels{
    CodeWords{"DBS_BASIC", "basic basicdbs"},
    CodeWords{"DBS_STANDARD", "standard standarddbs"},
    CodeWords{"DBS_ENHANCED", "enhanced enhanceddbs enhancedcrb"},
    CodeWords{"DBS_ENHANCED_BARRED",
              "enhancedbarred enhancedwithbarredlists "
              "enhancedandbarredlists enhancedwithbarredlist "
              "enhancedbothlists enhanceddbswithbarredlists"},
};

constexpr std::array outcomes{
    CodeWords{"APPLIED", "submitted pending inprogress awaiting waiting sent requested processing"},
    CodeWords{"GRANTED", "cleared approved passed clear yes y complete completed ok valid vetted"},
    CodeWords{"GRANTED_WITH_CONDITIONS",
              "conditional clearedwithconditions withconditions "
              "escortedonly conditions sitelimited"},
    CodeWords{"REFUSED", "failed rejected declined notcleared denied"},
    CodeWords{"WITHDRAWN", "withdrew applicationwithdrawn"},
    CodeWords{"LAPSED", "expired outofdate"},
    CodeWords{"SUSPENDED", ""},
    CodeWords{"UNDER_APPEAL", "appeal appealed onappeal appealing"},
};

// "retired?": somebody's guess is not to become a fact.
bool is_in_doubt(std::string_view text) { return text.find('?') != std::string_view::npos; }

std::optional<std::string> code_for(std::span<const CodeWords> codes, std::string_view text) {
  const std::string key = plain_key(text);
  if (key.empty() || is_in_doubt(text)) return std::nullopt;
  for (const CodeWords& each : codes) {
    if (key == plain_key(each.code) || is_among(key, each.words)) return std::string(each.code);
  }
  return std::nullopt;
}

Reading<std::string> read_code(std::span<const CodeWords> codes, std::string_view text) {
  if (text.empty()) return {};
  if (auto code = code_for(codes, text)) return {std::move(code), {}, {}};
  if (is_in_doubt(text)) {
    return {{},
            "\"" + std::string(text) + "\" is in doubt; find out, and write it without the \"?\"",
            {}};
  }
  std::string known;
  for (const CodeWords& each : codes) {
    known += known.empty() ? "" : ", ";
    known += each.code;
  }
  return {{}, "\"" + std::string(text) + "\" is not known; use one of " + known, {}};
}

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

}  // namespace

Reading<std::vector<std::string>> read_roles(std::string_view text) {
  if (text.empty()) return {};
  if (auto whole = code_for(roles, text)) return {{{std::move(*whole)}}, {}, {}};
  std::vector<std::string> found;
  for (const std::string& piece : split(text, ";,/|\n")) {
    const auto key = plain_key(piece);
    if (key == "imb" || key == "independentmonitoringboard") {
      return {{}, "members of the IMB are independent and are not kept as volunteers", {}};
    }
    auto role = read_code(roles, piece);
    if (!role.problem.empty()) return {{}, role.problem, {}};
    if (role.value && std::find(found.begin(), found.end(), *role.value) == found.end()) {
      found.push_back(std::move(*role.value));
    }
  }
  if (found.empty()) return {};
  return {std::move(found), {}, {}};
}

Reading<std::string> read_status(std::string_view text) { return read_code(statuses, text); }
Reading<std::string> read_vetting_level(std::string_view text) {
  // "Standard+" must not become "Standard".
  if (text.ends_with('+')) {
    return read_code(levels, std::string(text.substr(0, text.size() - 1)) + " plus");
  }
  return read_code(levels, text);
}
Reading<std::string> read_dbs_level(std::string_view text) { return read_code(dbs_levels, text); }
Reading<std::string> read_vetting_outcome(std::string_view text) {
  return read_code(outcomes, text);
}

Reading<bool> read_yes_no(std::string_view text) {
  if (text.empty()) return {};
  const std::string key = plain_key(text);
  if (is_among(key, "yes y true 1 x done signed ydw ie") || text == "✓" || text == "✔") {
    return {true, {}, {}};
  }
  if (is_among(key, "no n false 0 none notyet na")) return {false, {}, {}};
  return {{}, "\"" + std::string(text) + "\" is neither yes nor no", {}};
}

std::optional<std::string> prison_number(std::string_view text) {
  if (text.size() != 7 || !is_letter(text[0]) || !is_all_digits(text.substr(1, 4)) ||
      !is_letter(text[5]) || !is_letter(text[6])) {
    return std::nullopt;
  }
  return upper(text);
}

bool mentions_prison_number(std::string_view text) {
  const auto words = split(text, " .,;:()/\n");
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return prison_number(word).has_value(); });
}

Reading<std::string> read_establishment_code(std::string_view text) {
  if (text.empty()) return {};
  const bool shaped =
      text.size() >= 2 && text.size() <= 6 && is_letter(text[0]) &&
      std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
  if (!shaped) {
    return {{}, "\"" + std::string(text) + "\" is not an establishment code such as MDI", {}};
  }
  return {upper(text), {}, {}};
}

}  // namespace throughgate::node
