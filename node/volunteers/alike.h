// Who of those recorded here may be the volunteer that somebody is about to add by hand.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

struct AlikeVolunteer {
  sync::DossierId id;
  std::string name;
  std::string because;  // "same name and date of birth"
};

// By the same rule as an import, among those of the same family name. `inputs` as for
// RecordService::new_record(), which has found nothing wrong with them.
sync::Result<std::vector<AlikeVolunteer>> alike_volunteers(const RecordService& records,
                                                           const std::vector<FieldInput>& inputs);

}  // namespace throughgate::node
