// Before another handover is begun: is one of the same name under way already?
#pragma once

#include <string>
#include <vector>

#include "node/handovers/case_file.h"

namespace throughgate::node {

// This organisation's own that are not over and bear both names, in any case and with or without
// accents; one without a first name bears any. The earliest release first.
sync::Result<std::vector<CaseFile>> under_way_of_name(RecordService& records,
                                                      const std::string& given_name,
                                                      const std::string& family_name);
// The same for somebody whose own record is here.
sync::Result<std::vector<CaseFile>> under_way_of_person(RecordService& records,
                                                        const sync::DossierId& person);

}  // namespace throughgate::node
