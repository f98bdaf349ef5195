#include "node/intake/headers.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "node/intake/cell_text.h"

namespace throughgate::node {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t rows_searched = 10;

struct FieldSpelling {
  Field field;
  std::string_view label;
  std::string_view spellings;  // as plain_key gives them, between spaces
};

constexpr std::array fields{
    FieldSpelling{Field::full_name, "Name",
                  "name fullname volunteer volunteername volunteersname nameofvolunteer "
                  "completename surnameforename surnameandforename forenamesurname "
                  "forenameandsurname firstnameandsurname surnamefirstname enw enwllawn"},
    FieldSpelling{Field::forename, "Forename",
                  "forename forenames firstname firstnames christianname christiannames "
                  "givenname givennames first fname 1stname enwcyntaf"},
    FieldSpelling{Field::middle_names, "Middle names",
                  "middlename middlenames middleinitial middleinitials secondname othernames "
                  "secondforename enwcanol"},
    FieldSpelling{Field::surname, "Surname",
                  "surname lastname familyname last sname lname secondnamesurname cyfenw"},
    FieldSpelling{Field::known_as, "Known as",
                  "knownas preferredname nickname likestobecalled prefersname alsoknownas aka "
                  "preferredfirstname preferredforename"},
    FieldSpelling{Field::former_names, "Former names",
                  "formername formernames previousname previousnames maidenname nee "
                  "previoussurname previoussurnames formersurname othersurname birthname"},
    FieldSpelling{Field::date_of_birth, "Date of birth",
                  "dateofbirth dob birthdate birthday dofb dateofbirthddmmyyyy dobddmmyyyy "
                  "birth ddmmyyyydob dyddiadgeni"},
    FieldSpelling{Field::email, "E-mail",
                  "email emailaddress mail emailaddr emailid contactemail personalemail ebost "
                  "cyfeiriadebost"},
    FieldSpelling{Field::mobile, "Mobile",
                  "mobile mobileno mobilenumber mobiletel mobiletelephone mobilephone mob mobno "
                  "mobtel cell cellphone cellnumber cellphonenumber mobiletelno mobiletelephoneno "
                  "mobiletelephonenumber contactmobile mobilephonenumber mobilephoneno ffonsymudol "
                  "symudol"},
    FieldSpelling{Field::telephone, "Telephone",
                  "telephone telephoneno telephonenumber tel telno telnumber phone phoneno "
                  "phonenumber homephone hometelephone hometel landline contactno contactnumber "
                  "contacttelephone contacttel contactphone daytimetelephone homephonenumber ffon"},
    FieldSpelling{Field::address, "Address",
                  "address homeaddress fulladdress postaladdress addresses cyfeiriad"},
    FieldSpelling{Field::address_line_1, "Address line 1",
                  "address1 addressline1 addr1 street streetaddress houseandstreet "
                  "1stlineofaddress firstlineofaddress add1"},
    FieldSpelling{Field::address_line_2, "Address line 2",
                  "address2 addressline2 addr2 add2 locality"},
    FieldSpelling{Field::address_line_3, "Address line 3", "address3 addressline3 addr3 add3"},
    FieldSpelling{Field::town, "Town", "town city townorcity towncity posttown address4 tref"},
    FieldSpelling{Field::county, "County", "county region address5 sir"},
    FieldSpelling{Field::postcode, "Postcode",
                  "postcode postalcode pcode postcodes zip zipcode codpost"},
    FieldSpelling{Field::roles, "Roles",
                  "role roles volunteerrole volunteerroles volunteeringrole roletitle position "
                  "volunteertype typeofvolunteer volunteersas rol"},
    FieldSpelling{Field::status, "Status",
                  "status currentstatus volunteerstatus stage activestatus statws"},
    FieldSpelling{Field::establishment, "Establishment",
                  "establishment prison prisoncode establishmentcode hmp prisonname "
                  "clearedat vettedat carchar"},
    FieldSpelling{Field::vetting_level, "Vetting level",
                  "vettinglevel levelofvetting clearancelevel levelofclearance vettingtype "
                  "clearance clearancetype typeofclearance vetting"},
    FieldSpelling{Field::vetting_outcome, "Vetting outcome",
                  "vettingoutcome vettingstatus clearancestatus vettingresult vettingdecision "
                  "cleared vetted clearanceoutcome"},
    FieldSpelling{Field::vetting_applied_on, "Vetting applied on",
                  "vettingappliedon vettingapplied vettingsubmitted datevettingsubmitted "
                  "vettingapplieddate vettingsubmitteddate clearanceapplied dateofapplication "
                  "vettingstarted vettingapplicationdate vettingsent datevettingsent"},
    FieldSpelling{Field::vetting_granted_on, "Vetting granted on",
                  "vettinggrantedon vettinggranted vettingdate datevetted dateofvetting "
                  "clearancedate datecleared vettinggranteddate clearancegranted dateofclearance "
                  "vettingcompleted vettedon"},
    FieldSpelling{Field::vetting_expires_on, "Vetting expires on",
                  "vettingexpireson vettingexpires vettingexpiry vettingexpirydate "
                  "clearanceexpiry clearanceexpirydate expirydate expires expiry clearanceexpires "
                  "vettingrenewal vettingrenewaldate validuntil vettingvaliduntil"},
    FieldSpelling{Field::vetting_reference, "Vetting reference",
                  "vettingreference vettingref vettingreferencenumber vettingrefno vettingno "
                  "clearancereference clearanceref vettingnumber"},
    FieldSpelling{Field::dbs_level, "DBS level", "dbslevel dbstype dbs dbscheck levelofdbs crb"},
    FieldSpelling{Field::dbs_issued_on, "DBS issued on",
                  "dbsissuedon dbsdate dateofdbs dbsissued dbsissuedate dbscertificatedate "
                  "dbscompleted dbsdateofissue dbscheckdate crbdate"},
    FieldSpelling{Field::dbs_expires_on, "DBS expires on",
                  "dbsexpireson dbsexpiry dbsexpirydate dbsexpires dbsrenewal dbsrenewaldate "
                  "dbsrenewaldue dbsdue"},
    FieldSpelling{Field::dbs_reference, "DBS reference",
                  "dbsreference dbsnumber dbsno dbsref dbscertificatenumber dbscertificateno "
                  "dbscertificate dbsreferencenumber"},
    FieldSpelling{Field::started_on, "Started on",
                  "startedon startdate datestarted started start dateofstart commenced "
                  "commencementdate joined datejoined joiningdate volunteersince since"},
    FieldSpelling{Field::left_on, "Left on",
                  "lefton leavingdate dateleft left enddate dateofleaving leavedate ended "
                  "finished finishdate leaver"},
    FieldSpelling{Field::agreement_signed, "Agreement signed",
                  "agreementsigned volunteeragreement volunteeragreementsigned agreement "
                  "codeofconduct codeofconductsigned signedagreement"},
    FieldSpelling{Field::notes, "Notes",
                  "notes note comments comment remarks otherinformation additionalinformation "
                  "otherinfo info nodiadau"},
};

struct LeftOut {
  std::string_view because;
  std::string_view spellings;
};

constexpr std::array left_out{
    LeftOut{"diversity details are kept apart and asked of the volunteer",
            "ethnicity ethnicgroup ethnicorigin race religion faith belief gender sex "
            "genderidentity sexuality sexualorientation disability disabled disabilities "
            "nationality maritalstatus age pronouns"},
    LeftOut{"only the vetting decision is kept, never what it rests on",
            "convictions criminalrecord criminalconvictions offences offence cautions dbsresult "
            "disclosures unspentconvictions previousconvictions"},
    LeftOut{"it is not collected",
            "ninumber nino nationalinsurance nationalinsurancenumber nationalinsuranceno ni "
            "bankaccount accountnumber accountno sortcode bankdetails nhsnumber nhsno passport "
            "passportnumber passportno title salutation mrmrsmsetc mrmrsms"},
    LeftOut{"people in prison are not recorded as volunteers",
            "prisonnumber prisonno prisonernumber prisonerno nomisnumber nomisno nomsnumber "
            "nomsno nomis noms crn pnc pncid cro"},
    LeftOut{"it said what was to mend", "whattomend"},
};

// What may stand in brackets beside a heading without making it another: "E-mail (home)". Others
// do: "Mobile (next of kin)".
constexpr std::string_view asides =
    "s home work personal main daytime evening optional required mandatory ifknown ifany "
    "asonpassport "
    "asonid legal inblockcapitals ddmmyyyy ddmmyy dmy";

std::string without_asides(const std::string& heading) {
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const auto open = heading.find('(', at);
    const auto close = open == std::string::npos ? open : heading.find(')', open);
    if (close == std::string::npos) return out + heading.substr(at);
    const auto inside = heading.substr(open + 1, close - open - 1);
    const bool is_aside = is_among(plain_key(inside), asides);
    out += heading.substr(at, (is_aside ? open : close + 1) - at);
    at = close + 1;
  }
}

std::optional<Column> known_column(const std::string& heading, const std::string& key) {
  for (const auto& each : fields) {
    if (is_among(key, each.spellings)) return Column{heading, each.field, {}};
  }
  for (const auto& each : left_out) {
    if (is_among(key, each.spellings)) {
      return Column{heading, std::nullopt, std::string(each.because)};
    }
  }
  return std::nullopt;
}

// "Mobile / cell": each of the words means the same.
std::optional<Column> agreed_column(const std::string& heading, const std::string& bare) {
  std::optional<Column> out;
  for (const auto& part : split(bare, "/")) {
    const auto column = known_column(heading, plain_key(part));
    if (!column || !column->field || (out && out->field != column->field)) return std::nullopt;
    out = column;
  }
  return out;
}

Column column_for(std::string_view cell) {
  const auto heading = clean_line(cell).value.value_or(std::string());
  if (auto column = known_column(heading, plain_key(heading))) return *column;
  const auto bare = without_asides(heading);
  auto column = known_column(heading, plain_key(bare));
  if (!column) column = agreed_column(heading, bare);
  if (!column) return {heading, std::nullopt, {}};
  column->is_loose = true;
  return *column;
}

std::vector<Column> columns_of(const CsvRow& row) {
  std::vector<Column> columns;
  for (const std::string& cell : row.cells) columns.push_back(column_for(cell));
  return columns;
}

std::size_t recognised(const std::vector<Column>& columns) {
  return static_cast<std::size_t>(std::count_if(columns.begin(), columns.end(), [](const auto& c) {
    return c.field.has_value() || !c.left_out_because.empty();
  }));
}

bool has_name(const Headings& headings) {
  return headings.column_of(Field::full_name) || headings.column_of(Field::surname) ||
         headings.column_of(Field::forename);
}

// A row with one known word among more that are not is a row of data, not of headings.
bool reads_as_headings(const std::vector<Column>& columns) {
  const auto known = recognised(columns);
  const auto filled = static_cast<std::size_t>(std::count_if(
      columns.begin(), columns.end(), [](const Column& each) { return !each.heading.empty(); }));
  return known >= 2 || (known == 1 && filled <= 2);
}

// Of two columns for one field, "E-mail" and "E-mail (work)", the plainer counts, else the first.
void settle_loose_columns(Headings& headings) {
  std::map<Field, Column*> claimed;
  for (const bool loose : {false, true}) {
    for (Column& column : headings.columns) {
      if (!column.field || column.is_loose != loose) continue;
      const auto [first, is_new] = claimed.emplace(*column.field, &column);
      if (is_new || !loose) continue;
      column.left_out_because = "\"" + first->second->heading + "\" is taken for it";
      column.field = std::nullopt;
    }
  }
}

std::optional<Refusal> refuse_double_claims(const Headings& headings) {
  std::map<Field, std::string> claimed;
  for (const Column& column : headings.columns) {
    if (!column.field) continue;
    const auto [first, is_new] = claimed.emplace(*column.field, column.heading);
    if (!is_new) {
      return Refusal{"Two columns say they are \"" + std::string(label_of(*column.field)) +
                     "\": \"" + first->second + "\" and \"" + column.heading +
                     "\". Rename or remove one."};
    }
  }
  return std::nullopt;
}

// "Name" beside "Surname" means the forename.
void settle_name_columns(Headings& headings) {
  const auto full = headings.column_of(Field::full_name);
  if (full && headings.column_of(Field::surname) && !headings.column_of(Field::forename)) {
    headings.columns[*full].field = Field::forename;
  }
  if (full && headings.column_of(Field::surname) &&
      headings.columns[*full].field != Field::forename) {
    headings.columns[*full].field = std::nullopt;
    headings.columns[*full].left_out_because = "forename and surname have columns of their own";
  }
}

}  // namespace

std::string_view label_of(Field field) {
  const auto* found = std::find_if(fields.begin(), fields.end(),
                                   [&](const auto& each) { return each.field == field; });
  return found == fields.end() ? std::string_view() : found->label;
}

std::optional<std::size_t> Headings::column_of(Field field) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& each) { return each.field == field; });
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

Read<Headings> find_headings(const std::vector<CsvRow>& rows) {
  for (std::size_t row = 0; row < std::min(rows.size(), rows_searched); ++row) {
    Headings headings{row, columns_of(rows[row])};
    if (!reads_as_headings(headings.columns)) continue;
    settle_loose_columns(headings);
    if (auto refusal = refuse_double_claims(headings)) return *refusal;
    if (!has_name(headings)) {
      return Refusal{
          "No column holds the volunteer's name. Call it \"Name\", or \"Forename\" and "
          "\"Surname\"."};
    }
    settle_name_columns(headings);
    return headings;
  }
  return Refusal{
      "No headings were found in the first 10 rows. The columns need a row above them "
      "that names them, such as: Forename, Surname, Date of birth, E-mail, Mobile."};
}

char detect_separator(std::string_view text) {
  if (const char declared = declared_separator(text); declared != '\0') return declared;
  char best = ',';
  std::size_t best_known = 0;
  for (const char separator : {',', ';', '\t'}) {
    for (const CsvRow& row : sample_csv(text, separator, rows_searched)) {
      const auto known = recognised(columns_of(row));
      if (known > best_known) {
        best = separator;
        best_known = known;
      }
    }
  }
  return best;
}

bool is_beyond_headings(const Column& column) {
  return plain_key(column.heading) == plain_key(beyond_headings_heading);
}

}  // namespace throughgate::node
