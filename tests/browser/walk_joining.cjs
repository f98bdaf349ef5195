// A prison that has not joined asks by its pages: a request for a stick first, then over the exchange; the central team lets
// it in by theirs.
const {check} = require('./browser.cjs');

const label = 'Reception PC';

// The code, as the central team's page shows it this once.
async function invited(desk, name) {
  await desk.open('/central-team/invite');
  await desk.answer('name', name);
  await desk.answer('kind', 'A prison');
  await desk.answer('establishment', 'Durham (HMP & YOI)');
  await desk.press('Make the code');
  return (await desk.page.locator('main strong').first().innerText()).trim();
}

async function ask(fresh, answers, button) {
  for (const [name, value] of Object.entries(answers)) await fresh.answer(name, value);
  await fresh.press(button);
}

async function byFile(stops, fresh, code) {
  await fresh.open('/joining');
  await stops.look(fresh, 'joining, not asked');
  await fresh.press('Ask by a file');
  await stops.look(fresh, 'joining, by file');
  await fresh.press('Make the request');
  await stops.error(fresh, 'joining, by file, empty', 'Enter the invitation code', 'Enter what this computer is called');
  await ask(fresh, {'invitation-code': code, label}, 'Make the request');
  await stops.says(fresh, 'a request by file', 'The request is made', 'Save the request', label);
  await stops.look(fresh, 'joining, a request made');
  const [download] = await Promise.all([fresh.page.waitForEvent('download'),
    fresh.page.locator('main').getByRole('link', {name: 'Save the request'}).click()]);
  check('the name of the request says nothing', /^throughgate-request-[0-9a-f]{8}\.tge$/.test(download.suggestedFilename()));
  await fresh.press('bring in their answer');
  await fresh.press('Bring it in');
  await stops.error(fresh, 'joining, no answer chosen', 'Select the file that the central team gave you');
}

async function byNetwork(stops, fresh, code, exchange) {
  await fresh.open('/joining/by-network');
  await stops.look(fresh, 'joining, by network');
  await ask(fresh, {'invitation-code': code.replace(/.$/, code.endsWith('A') ? 'B' : 'A'), exchange, label}, 'Ask to be let in');
  await stops.error(fresh, 'joining, code mistyped', 'This code is mistyped');
  check('the code is not shown again', !(await fresh.page.content()).includes(code.slice(0, 19)));
  await ask(fresh, {'invitation-code': code}, 'Ask to be let in');
  await stops.says(fresh, 'asked', 'The request is sent', 'Ring the central team');
  await stops.look(fresh, 'joining, asked');
  await fresh.press('See whether they have answered');
  await stops.says(fresh, 'no answer yet', 'has not answered yet');
  return (await fresh.page.locator('main .govuk-inset-text').first().innerText()).trim();
}

async function letIn(stops, desk, words) {
  await desk.open('/central-team/requests');
  await desk.press('Ask the exchange');
  await desk.press('HMP Durham');
  await desk.answer('words', words);
  await desk.press('Let this computer in');
  await stops.says(desk, 'let in', 'The computer is let in');
  await desk.open('/sync');
  await desk.press('Exchange now');
}

// `exchange`: its address.
async function walkJoining(stops, {fresh, desk}, exchange) {
  const code = await invited(desk, 'HMP Durham');
  await byFile(stops, fresh, code);
  const words = await byNetwork(stops, fresh, code, exchange);
  check('there are eight words', words.split(/\s+/).length === 8, words);
  await letIn(stops, desk, words);
  await fresh.press('See whether they have answered');
  await stops.says(fresh, 'joined', 'This computer has joined', 'The central team has let this computer in');
  await stops.look(fresh, 'joining, joined');
  await fresh.open('/sync');
  await fresh.press('Exchange now');
  await stops.says(fresh, 'the first exchange', 'This computer has exchanged what is new');
}

module.exports = {walkJoining};
