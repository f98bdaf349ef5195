#include "node/intake/codes.h"

#include <algorithm>
#include <array>
#include <span>

#include "node/intake/cell_text.h"

namespace throughgate::node {
namespace {

// A code, what pages call it, and other words for it, as plain_key gives them. The code and its
// label are always understood.
struct CodeWords {
  std::string_view code;
  std::string_view label;
  std::string_view words;
};

constexpr std::array roles{
    CodeWords{"CHAPLAINCY", "Chaplaincy and faith",
              "chaplaincyvolunteer chaplain faith chapel faithvolunteer caplaniaeth "
              "chaplaincyteam"},
    CodeWords{"MENTOR_CUSTODY", "Mentor in prison",
              "mentor custodymentor prisonmentor mentorincustody mentoring"},
    CodeWords{"MENTOR_TTG", "Mentor through the gate",
              "ttgmentor throughthegatementor throughgatementor resettlementmentor "
              "throughthegate ttg mentorttg"},
    CodeWords{"GATE_MEETER", "Meets people at the gate",
              "gatemeeter meetatgate meetatthegate gatepickup meeter meetandgreet"},
    CodeWords{"LITERACY_TUTOR", "One-to-one reading",
              "literacy reading readingmentor readingcoach shannontrust "
              "literacymentor readingplan"},
    CodeWords{"EDU_SUPPORT", "Classroom support",
              "education educationsupport classroomassistant classroomsupport tutor"},
    CodeWords{"VISITS_CENTRE", "Visitors' centre",
              "visits visitorscentre visitorcentre visitscentrevolunteer "
              "visitors teabar"},
    CodeWords{"PLAY_WORKER", "Play worker", "play playworker creche childrensplay"},
    CodeWords{"OPV", "Official prison visitor",
              "officialprisonvisitor prisonvisitor officialvisitor"},
    CodeWords{"LISTENER_SUPPORT", "Supports prisoner Listeners",
              "samaritan samaritans listener listeners listenersupport "
              "listenerscheme"},
    CodeWords{"ARTS_SPORT", "Arts and sport",
              "arts art sport sports artsandsport artsandsports music drama choir gym"},
    CodeWords{"ETE_COACH", "Work and training coach",
              "employment employmentcoach jobcoach ete cvcoach careers employability"},
    CodeWords{"FAMILY_LINK", "Family links", "family familylinks familysupport familyworker"},
    CodeWords{"HOUSING_BENEFIT_ADVICE", "Housing and benefit advice",
              "housing benefits housingadvice benefitsadvice advice "
              "welfareadvice housingandbenefits adviceworker"},
    CodeWords{"RJ_FACILITATOR", "Restorative justice",
              "restorativejustice rj restorativejusticefacilitator "
              "sycamoretree"},
    CodeWords{"COSA", "Circle of support member",
              "circles circlesvolunteer circlemember circlesofsupport "
              "circlesofsupportandaccountability"},
    CodeWords{"PROBATION_VOL", "Probation volunteer", "probation probationvolunteer"},
    CodeWords{"BEFRIENDER_COMMUNITY", "Befriender in the community",
              "befriender befriending communitybefriender"},
    CodeWords{"ADMIN_EVENTS", "Office and events",
              "admin administration events office adminandevents"},
    CodeWords{"PEER_ON_ROTL", "Peer on temporary release", "peer peermentor rotl peervolunteer"},
};

constexpr std::array statuses{
    CodeWords{"ENQUIRY", "Enquiry", "enquired inquiry interested new enquirer"},
    CodeWords{"APPLICATION", "Application", "applied applicant application applicationreceived"},
    CodeWords{"SHORTLIST", "Shortlist", "shortlisted"},
    CodeWords{"INTERVIEW", "Interview", "interviewed awaitinginterview tointerview"},
    CodeWords{"REFERENCES", "References", "reference awaitingreferences referencesrequested"},
    CodeWords{"VETTING", "Vetting",
              "invetting awaitingvetting awaitingclearance beingvetted "
              "vettinginprogress vettingsubmitted"},
    CodeWords{"INDUCTION", "Induction", "ininduction awaitinginduction"},
    CodeWords{"ROLE_TRAINING", "Role training", "training intraining awaitingtraining"},
    CodeWords{"TRIAL_PERIOD", "Trial period", "trial ontrial probationaryperiod probationary"},
    CodeWords{"ACTIVE", "Active", "current live volunteering gweithredol a"},
    CodeWords{"PAUSED", "Paused",
              "onhold break onbreak inactive sabbatical onleave longtermsick dormant"},
    CodeWords{"LEAVING", "Leaving", "noticegiven onnotice"},
    CodeWords{"LEFT", "Left", "leaver resigned retired ended former finished exvolunteer"},
    CodeWords{"DECLINED", "Declined by us", "rejected unsuccessful notaccepted turneddown"},
    CodeWords{"WITHDRAWN", "Withdrew", "withdrew applicationwithdrawn"},
    CodeWords{"SUSPENDED", "Suspended", ""},
    CodeWords{"EXCLUDED", "Excluded", "banned gatebarred"},
};

constexpr std::array levels{
    CodeWords{"BASELINE", "Baseline checks", "bpss baseline basiccheck"},
    CodeWords{"STANDARD", "Standard", "std standardvetting"},
    CodeWords{"STANDARD_PLUS", "Standard Plus", "standardplus stdplus"},
    CodeWords{"ENHANCED_1", "Enhanced Level 1", "enhancedlevel1 el1 enhanced1 enhancedlevelone e1"},
    CodeWords{"ENHANCED_2", "Enhanced Level 2", "enhancedlevel2 el2 enhanced2 enhancedleveltwo e2"},
    CodeWords{"CTC", "Counter-terrorist check", "counterterroristcheck counterterrorismcheck"},
    CodeWords{"SC", "Security check", "securitycheck securityclearance sccleared"},
    CodeWords{"DV", "Developed vetting", "developedvetting"},
    CodeWords{"DBS_BASIC", "DBS basic", "basicdbs"},
    CodeWords{"DBS_STANDARD", "DBS standard", "standarddbs"},
    CodeWords{"DBS_ENHANCED", "DBS enhanced", "enhanceddbs enhancedcrb"},
    CodeWords{"DBS_ENHANCED_BARRED", "DBS enhanced with barred lists",
              "enhanceddbsbarred enhanceddbswithbarredlists "
              "enhanceddbsandbarredlists enhanceddbswithbarredlist "
              "enhanceddbsbothlists"},
};

constexpr std::array dbs_levels{
    CodeWords{"DBS_BASIC", "DBS basic", "basic basicdbs"},
    CodeWords{"DBS_STANDARD", "DBS standard", "standard standarddbs"},
    CodeWords{"DBS_ENHANCED", "DBS enhanced", "enhanced enhanceddbs enhancedcrb"},
    CodeWords{"DBS_ENHANCED_BARRED", "DBS enhanced with barred lists",
              "enhancedbarred enhancedwithbarredlists "
              "enhancedandbarredlists enhancedwithbarredlist "
              "enhancedbothlists enhanceddbswithbarredlists"},
};

constexpr std::array outcomes{
    CodeWords{"APPLIED", "Awaited",
              "submitted pending inprogress awaiting waiting sent requested processing"},
    CodeWords{"GRANTED", "Granted",
              "cleared approved passed clear yes y complete completed ok valid vetted"},
    CodeWords{"GRANTED_WITH_CONDITIONS", "Granted with conditions",
              "conditional clearedwithconditions withconditions "
              "escortedonly conditions sitelimited"},
    CodeWords{"REFUSED", "Refused", "failed rejected declined notcleared denied"},
    CodeWords{"WITHDRAWN", "Application withdrawn", "withdrew applicationwithdrawn"},
    CodeWords{"LAPSED", "Lapsed", "expired outofdate"},
    CodeWords{"SUSPENDED", "Suspended", ""},
    CodeWords{"UNDER_APPEAL", "Refused, under appeal", "appeal appealed onappeal appealing"},
};

// "retired?": somebody's guess is not to become a fact.
bool is_in_doubt(std::string_view text) { return text.find('?') != std::string_view::npos; }

std::optional<std::string> code_for(std::span<const CodeWords> codes, std::string_view text) {
  const std::string key = plain_key(text);
  if (key.empty() || is_in_doubt(text)) return std::nullopt;
  for (const CodeWords& each : codes) {
    if (key == plain_key(each.code) || key == plain_key(each.label) || is_among(key, each.words)) {
      return std::string(each.code);
    }
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
    known += (known.empty() ? "\"" : "\", \"") + std::string(each.label);
  }
  return {{}, "\"" + std::string(text) + "\" is not known; use one of " + known + "\"", {}};
}

std::string label_in(std::span<const CodeWords> codes, const std::string& code) {
  const auto found = std::find_if(codes.begin(), codes.end(),
                                  [&](const CodeWords& each) { return each.code == code; });
  return found == codes.end() ? code : std::string(found->label);
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

std::string role_label(const std::string& code) { return label_in(roles, code); }
std::string status_label(const std::string& code) { return label_in(statuses, code); }
std::string vetting_level_label(const std::string& code) { return label_in(levels, code); }
std::string vetting_outcome_label(const std::string& code) { return label_in(outcomes, code); }

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
