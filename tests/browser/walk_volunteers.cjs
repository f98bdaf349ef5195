// A prison's volunteers over pages alone: found, read, added, changed, looked back at.
const {check} = require('./browser.cjs');
const {longName} = require('./walk_handover.cjs');

async function found(stops, prison) {
  await prison.open('/volunteers');
  await stops.look(prison, 'volunteers');
  await prison.page.getByRole('link', {name: 'Next page'}).click();
  await prison.page.waitForLoadState();
  check('a long list goes on on a page of its own', prison.path().includes('after='), prison.path());
  await prison.open('/volunteers');
  await prison.page.fill('#q', 'nobody of this name');
  await prison.press('Apply filters');
  await stops.says(prison, 'no match', 'No volunteers match');
  await stops.look(prison, 'volunteers, no match');
}

async function added(stops, prison) {
  await prison.open('/volunteers/new');
  await prison.press('Save');
  await stops.error(prison, 'add a volunteer, error', 'Family name');
  await prison.answer('given-name', 'Amara');
  await prison.answer('family-name', longName);
  await prison.press('Save');
  await stops.says(prison, 'added', longName);
  await stops.look(prison, 'volunteer, long name');
  return prison.path().split('?')[0];
}

async function changed(stops, prison, volunteer) {
  await prison.open(`${volunteer}/change`);
  await stops.look(prison, 'change a volunteer');
  await prison.answer('known-as', 'Mara');
  await prison.answer('change_reason', 'asked for it');
  await prison.press('Save');
  await stops.says(prison, 'changed', 'Saved', 'Mara');
  await prison.open(`${volunteer}/history`);
  await stops.says(prison, 'the history', 'Mara', 'Ann Example', 'asked for it');
  await stops.look(prison, 'history of a volunteer');
  await prison.open('/volunteers?q=Mara');
  await stops.says(prison, 'found by the new name', longName);
  await stops.look(prison, 'volunteers, found');
}

async function walkVolunteers(stops, {prison}) {
  await found(stops, prison);
  const volunteer = await added(stops, prison);
  await changed(stops, prison, volunteer);
}

module.exports = {walkVolunteers};
