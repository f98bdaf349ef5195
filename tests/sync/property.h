// Properties, checked with rapidcheck on seeded cases: a run is repeatable, and a failure prints
// the smallest case found.
#pragma once

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace throughgate::testing {

// Cases a property gets. THROUGHGATE_PROPERTY_RUNS asks for more than an everyday run.
inline int property_runs() {
  const char* asked = std::getenv("THROUGHGATE_PROPERTY_RUNS");
  return asked != nullptr && std::atoi(asked) > 0 ? std::atoi(asked) : 2000;  // NOLINT
}

enum class Tell { failures, nothing };

// Whether the property stood every case. `nothing` is for twins, which are meant to fail.
template <class Property>
bool holds(const std::string& name, Property&& property, Tell tell = Tell::failures) {
  rc::detail::TestMetadata metadata;
  metadata.id = metadata.description = name;
  rc::detail::TestParams params;
  params.seed = 20270104;
  params.maxSuccess = property_runs();
  params.disableShrinking = tell == Tell::nothing;
  rc::detail::TestListenerAdapter silent;
  const auto result =
      rc::detail::checkTestable(std::forward<Property>(property), metadata, params, silent);
  const bool stood = result.template is<rc::detail::SuccessResult>();
  if (!stood && tell == Tell::failures) {
    std::cerr << name << ":\n";
    rc::detail::printResultMessage(result, std::cerr);
    std::cerr << '\n';
  }
  return stood;
}

}  // namespace throughgate::testing
