#include "node/web/pages/volunteers/row.h"

#include "node/days.h"
#include "node/records/formats.h"
#include "node/records/values.h"
#include "node/web/components/messages.h"
#include "records/volunteer.pb.h"

namespace throughgate::node::web::volunteers {
namespace {

using schema::Clearance;
using schema::RoleHeld;
using schema::Volunteer;
using sync::Result;
using sync::store::RecordRow;
using sync::store::ShownField;

constexpr std::size_t of_a_kind_max = 20;  // roles or clearances of one volunteer in a list
constexpr int soon_days = 90;              // a clearance is renewed within about so long

const ShownField* shown_in(const RecordRow& row, int field) {
  const auto found = row.fields.find(static_cast<std::uint32_t>(field));
  return found == row.fields.end() || found->second.removed ? nullptr : &found->second;
}

std::string text_in(const RecordRow& row, int field) {
  const auto* shown = shown_in(row, field);
  return shown ? std::string(crypto::as_text(shown->value)) : std::string();
}

std::uint32_t number_in(const RecordRow& row, int field) {
  const auto* shown = shown_in(row, field);
  const auto number = shown ? sync::decode_number(shown->value) : std::nullopt;
  return number && *number <= 0x7FFFFFFF ? static_cast<std::uint32_t>(*number) : 0;
}

std::string words_in(const PageContext& context, const RecordRow& row, int field,
                     const google::protobuf::Descriptor& type) {
  const auto* shown = shown_in(row, field);
  return shown ? text_of(*type.FindFieldByNumber(field), shown->value, context.codes)
               : std::string();
}

Result<std::vector<RecordRow>> of_kind(const PageContext& context, const sync::DossierId& id,
                                       const google::protobuf::Descriptor& type,
                                       std::vector<std::uint32_t> fields) {
  sync::store::ListQuery query;
  query.type = record_type(type)->number;
  query.fields = std::move(fields);
  query.dossier = id;
  query.limit = of_a_kind_max;
  auto page = context.records.reader().list(query);
  if (!page) return page.error();
  return std::move(page->rows);
}

// ---- roles

Result<Html> roles_of(const PageContext& context, const sync::DossierId& id) {
  const auto rows = of_kind(context, id, *RoleHeld::descriptor(),
                            {RoleHeld::kRoleCodeFieldNumber, RoleHeld::kUntilFieldNumber});
  if (!rows) return rows.error();
  const std::string today = iso_day(context.now_ms());
  Html out;
  for (const auto& row : *rows) {
    const std::string until = text_in(row, RoleHeld::kUntilFieldNumber);
    if (!until.empty() && until < today) continue;
    out += h("{}{}", out.empty() ? "" : ", ",
             words_in(context, row, RoleHeld::kRoleCodeFieldNumber, *RoleHeld::descriptor()));
  }
  return out;
}

// ---- clearances

bool is_granted(std::uint32_t decision) {
  return decision == Clearance::GRANTED || decision == Clearance::GRANTED_WITH_CONDITIONS;
}

Html clearance_mark(const PageContext& context, const RecordRow& row, bool decided) {
  const std::string expires = text_in(row, Clearance::kExpiresOnFieldNumber);
  const std::string today = iso_day(context.now_ms());
  const std::uint32_t decision = number_in(row, Clearance::kDecisionFieldNumber);
  if (!decided) return tag("Awaited", TagColour::grey);
  if (!is_granted(decision)) {
    return tag(words_in(context, row, Clearance::kDecisionFieldNumber, *Clearance::descriptor()),
               decision == Clearance::DECISION_AWAITED ? TagColour::grey : TagColour::red);
  }
  if (expires.empty()) return tag("No end date", TagColour::grey);
  const Html until =
      h(R"( <span class="no-wrap">{}</span>)", shown_text(schema::FieldRule::DATE, expires));
  if (expires < today) return tag("Expired", TagColour::red) + until;
  const bool soon = expires <= day_after(today, soon_days).value_or(today);
  return tag(soon ? "Expires soon" : "Valid", soon ? TagColour::orange : TagColour::green) + until;
}

Result<Html> clearances_of(const PageContext& context, const sync::DossierId& id) {
  const auto rows = of_kind(context, id, *Clearance::descriptor(),
                            {Clearance::kLevelFieldNumber, Clearance::kDecisionFieldNumber,
                             Clearance::kExpiresOnFieldNumber});
  if (!rows) return rows.error();
  Html out;
  for (const auto& row : *rows) {
    const bool decided = shown_in(row, Clearance::kDecisionFieldNumber) != nullptr;
    out += h("<li>{} {}</li>",
             words_in(context, row, Clearance::kLevelFieldNumber, *Clearance::descriptor()),
             clearance_mark(context, row, decided));
  }
  return out.empty() ? out : h(R"(<ul class="govuk-list">{}</ul>)", out);
}

// ---- name and stage

Html name_cell(const Row& row) {
  std::string name = row.family_name;
  if (!row.given_name.empty()) name += (name.empty() ? "" : ", ") + row.given_name;
  return h(R"(<a class="govuk-link" href="{}">{}</a>{}{})", Url(address_of("/volunteers", row.id)),
           name.empty() ? std::string("Name not recorded") : name,
           when(row.has_mark_not_sent,
                [] { return h("<br>{}", tag("Not sent yet", TagColour::yellow)); }),
           when(row.in_review,
                [] { return h("<br>{}", tag("Changed in two places", TagColour::orange)); }));
}

Html stage_cell(const Row& row) {
  const auto& stands = row.stands;
  if (!stands.is_stopped) return h("{}", stands.label);
  return tag(stands.label, TagColour::red) + when(!stands.stage_beside.empty(), [&] {
           return h("<br>Stage: {}", stands.stage_beside);
         });
}

}  // namespace

std::vector<std::uint32_t> row_fields() {
  return {Volunteer::kGivenNameFieldNumber, Volunteer::kFamilyNameFieldNumber,
          Volunteer::kStatusFieldNumber, Volunteer::kStandingFieldNumber,
          Volunteer::kDateOfBirthFieldNumber};
}

Row row_of(const RecordRow& record) {
  Row out{.id = record.name.dossier,
          .family_name = text_in(record, Volunteer::kFamilyNameFieldNumber),
          .given_name = text_in(record, Volunteer::kGivenNameFieldNumber),
          .stands = where_they_stand(number_in(record, Volunteer::kStatusFieldNumber),
                                     number_in(record, Volunteer::kStandingFieldNumber))};
  for (const auto& [number, field] : record.fields) {
    out.has_mark_not_sent |= field.provisional;
    out.in_review |= field.in_review;
  }
  return out;
}

Result<Row> row_of(const PageContext& context, const sync::DossierId& id) {
  const auto rows = of_kind(context, id, *Volunteer::descriptor(), row_fields());
  if (!rows) return rows.error();
  if (rows->empty()) return sync::Error{sync::ErrorKind::not_found, "This is not here."};
  return row_of(rows->front());
}

Result<std::vector<Cell>> cells_of(const PageContext& context, const Row& row) {
  const auto roles = roles_of(context, row.id);
  if (!roles) return roles.error();
  const auto clearances = clearances_of(context, row.id);
  if (!clearances) return clearances.error();
  const auto none_or = [](const Html& some) { return some.empty() ? h("None") : some; };
  const auto not_seen = [] { return h("You may not see this"); };
  const auto may_see = [&](const google::protobuf::Descriptor& type) {
    return context.records.viewer().sees_any(record_type(type)->number);
  };
  return std::vector<Cell>{
      {.content = name_cell(row)},
      {.content = stage_cell(row)},
      {.content = may_see(*RoleHeld::descriptor()) ? none_or(*roles) : not_seen()},
      {.content = may_see(*Clearance::descriptor()) ? none_or(*clearances) : not_seen()}};
}

}  // namespace throughgate::node::web::volunteers
