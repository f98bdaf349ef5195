#include "hub/metrics.h"

#include <sstream>

namespace throughgate::hub {
namespace {

void head(std::ostream& out, const char* name, const char* type, const char* help) {
  out << "# HELP throughgate_hub_" << name << ' ' << help << "\n# TYPE throughgate_hub_" << name
      << ' ' << type << '\n';
}

void gauge(std::ostream& out, const char* name, std::uint64_t value, const char* help) {
  head(out, name, "gauge", help);
  out << "throughgate_hub_" << name << ' ' << value << '\n';
}

void put_entries(std::ostream& out, const Tally& tally) {
  head(out, "entries_total", "counter", "Entries brought, by what became of them.");
  const std::pair<const char*, std::uint64_t> rows[] = {{"accepted", tally.accepted},
                                                        {"duplicate", tally.duplicate},
                                                        {"need_full", tally.need_full},
                                                        {"held", tally.held},
                                                        {"rejected", tally.rejected},
                                                        {"fork", tally.fork},
                                                        {"bad", tally.bad}};
  for (const auto& [name, value] : rows) {
    out << "throughgate_hub_entries_total{outcome=\"" << name << "\"} " << value << '\n';
  }
}

}  // namespace

const char* name_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::hello:
      return "hello";
    case Endpoint::sync:
      return "sync";
    case Endpoint::fetch:
      return "fetch";
    case Endpoint::mailbox:
      return "mailbox";
    case Endpoint::carry:
      return "carry";
  }
  return "";
}

void Metrics::note(Endpoint endpoint, const Answer& answer, std::size_t request_bytes,
                   std::uint64_t microseconds) {
  const std::lock_guard lock(mutex_);
  Totals& totals = endpoints_[endpoint];
  ++totals.by_status[answer.status];
  totals.bytes_in += request_bytes;
  totals.bytes_out += answer.bytes.size();
  totals.microseconds += microseconds;
  tally_ += answer.tally;
}

void Metrics::note_refused(int status) {
  const std::lock_guard lock(mutex_);
  ++refused_[status];
}

std::string Metrics::text(const SyncApi::Health& health, const Mail& mail) const {
  const std::lock_guard lock(mutex_);
  std::ostringstream out;
  gauge(out, "serving", health.serving ? 1 : 0, "1 once the directory names this instance.");
  gauge(out, "directory_version", health.directory_version, "Version of the directory held.");
  gauge(out, "dossiers", health.counts.dossiers, "Dossiers held.");
  gauge(out, "dossiers_recovering", health.counts.recovering, "Dossiers not yet open.");
  gauge(out, "entries", health.counts.entries, "Accepted entries held.");
  gauge(out, "late_entries", health.counts.late, "Entries in the late box.");
  gauge(out, "late_bytes", health.counts.late_bytes, "Bytes in the late box.");
  put_entries(out, tally_);
  head(out, "damaged_total", "counter",
       "Dossiers that could not be served whole: an entry in this store is spoilt.");
  out << "throughgate_hub_damaged_total " << tally_.damaged << '\n';
  head(out, "mails_total", "counter", "E-mails to organisations for whom something waits.");
  out << "throughgate_hub_mails_total{outcome=\"sent\"} " << mail.sent
      << "\nthroughgate_hub_mails_total{outcome=\"failed\"} " << mail.failed << '\n';
  head(out, "requests_total", "counter", "Requests, by kind and status.");
  for (const auto& [endpoint, totals] : endpoints_) {
    for (const auto& [status, count] : totals.by_status) {
      out << "throughgate_hub_requests_total{endpoint=\"" << name_of(endpoint) << "\",status=\""
          << status << "\"} " << count << '\n';
    }
  }
  head(out, "refused_total", "counter", "Refused before an endpoint was asked, by status.");
  for (const auto& [status, count] : refused_) {
    out << "throughgate_hub_refused_total{status=\"" << status << "\"} " << count << '\n';
  }
  const auto each = [&](const char* name, const char* help, auto value) {
    head(out, name, "counter", help);
    for (const auto& [endpoint, totals] : endpoints_) {
      out << "throughgate_hub_" << name << "{endpoint=\"" << name_of(endpoint) << "\"} "
          << value(totals) << '\n';
    }
  };
  each("request_bytes_total", "Bytes received.", [](const Totals& t) { return t.bytes_in; });
  each("reply_bytes_total", "Bytes answered.", [](const Totals& t) { return t.bytes_out; });
  each("request_seconds_total", "Time spent on requests.",
       [](const Totals& t) { return static_cast<double>(t.microseconds) / 1e6; });
  return out.str();
}

}  // namespace throughgate::hub
