// What a person is asked once more: whether another handover of the same name is meant, and who they are.
const {check} = require('./browser.cjs');
const {family} = require('./walk_handover.cjs');

async function twice(stops, prison) {
  for (const given of ['Bo', 'Bo']) {
    await prison.open('/handovers/new');
    await prison.answer('given-name', given);
    await prison.answer('family-name', family);
    await prison.press('Save the draft');
  }
  await stops.error(prison, 'a second handover of the name', 'There is a handover of this name already', 'Begin another one all the same');
}

// The session is gone while a form is open: what was typed is carried along and saved after signing in.
async function signedOutMeanwhile(stops, prison) {
  await prison.open('/handovers/new');
  await prison.answer('family-name', family);
  await prison.context.clearCookies();
  await prison.press('Save the draft');
  await stops.says(prison, 'signed out meanwhile', 'Sign in');
  await stops.look(prison, 'signed out meanwhile');
  await prison.page.fill('#name', prison.site.signIn);
  await prison.page.fill('#password', prison.site.password);
  await prison.press('Sign in');
  await stops.look(prison, 'save what was typed');
  check('what was typed is still there', (await prison.page.content()).includes(family), prison.path());
  await prison.open('/hidden?return_to=/handovers');
  await stops.look(prison, 'hidden');
}

async function walkAway(stops, {prison}) {
  await twice(stops, prison);
  await signedOutMeanwhile(stops, prison);
}

module.exports = {walkAway};
