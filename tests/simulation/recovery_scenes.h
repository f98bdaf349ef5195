// Scenes of a hub put back from an old copy, and of a key that is still on its way. Each says what
// went wrong; nothing when all went right. They are played as they are, where nothing may go wrong,
// and with one repair taken out of the rules, where that must (twins/).
#pragma once

#include <string>

namespace throughgate::simulation::scenes {

// Somebody was removed, the hub forgets it, and they write before anybody has told it.
std::string removed_before_the_hub_was_put_back();
// The same, where the hub has forgotten the whole record, and one machine brings its beginning.
std::string begun_again_at_an_empty_hub();
// The hub has lived on from an older copy, and an even older life's copy is put back, whose order
// is as long.
std::string put_back_to_an_order_given_up();
// Somebody has heard what another makes of a change, and the hub forgets that change: what takes
// its place is another one.
std::string heard_of_a_place_that_is_anothers();
// What was written under a new key, when the hub has forgotten the change of members that made it.
std::string written_under_a_forgotten_key();
// Somebody writes while the newest key is still on its way to them.
std::string written_while_a_key_is_awaited();

}  // namespace throughgate::simulation::scenes
