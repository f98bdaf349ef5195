// A handover from a prison to a partner and back, over pages alone.
const {check} = require('./browser.cjs');

const longName = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch-Featherstonehaugh-Abc';
const family = `Quillfeather-${longName}`;
const whole = `Alex ${family}`;

async function exchange(person) {
  await person.open('/sync');
  await person.press('Exchange now');
}

async function answerAll(person, answers) {
  for (const [name, value] of Object.entries(answers)) await person.answer(name, value);
}

async function change(person, handover, section, answers) {
  await person.open(`${handover}/${section}`);
  await answerAll(person, answers);
  await person.press('Save');
}

async function begun(stops, prison) {
  await prison.open('/handovers');
  await stops.look(prison, 'handovers, empty');
  await prison.press('Begin a handover');
  await prison.press('Save the draft');
  await stops.error(prison, 'begin a handover, error', 'Enter at least the family name');
  await prison.answer('family-name', family);
  await prison.press('Save the draft');
  await stops.says(prison, 'a draft', 'The draft was begun', 'Still missing');
  await stops.look(prison, 'handover, draft');
  return prison.path().split('?')[0];
}

async function completed(stops, prison, handover) {
  await change(prison, handover, 'change/person', {'given-name': 'Alex', 'date-of-birth': '6 5 1990', 'prison-number': 'A1234BC',
    'establishment': 'Leeds (HMP)', 'contact-route': 'through the prison', 'languages': 'English', 'communication-needs': 'none'});
  await prison.open(`${handover}/change/release`);
  await stops.look(prison, 'change the release');
  await answerAll(prison, {'release-date': '31 2 2099'});
  await prison.press('Save');
  await stops.error(prison, 'change the release, error', 'Expected release date');
  await change(prison, handover, 'change/release', {'release-date': '4 12 2099', 'release-date-confidence': 'Likely',
    'release-type': 'Conditional release', 'release-area': 'Leeds'});
  await change(prison, handover, 'change/risk', {'risk-to-staff': 'Medium', 'risk-to-public': 'Medium'});
  await change(prison, handover, 'change/licence', {'licence-headline': 'not near the old town', 'first-appointment-on': '4 12 2099'});
  await change(prison, handover, 'change/sharing', {'sender-telephone': '07700 900100'});
  await change(prison, handover, 'needs/new', {'pathway': 'Somewhere to live', 'need': `near ${longName}`});
  await stops.look(prison, 'handover, complete, long name');
}

async function shared(stops, prison, partner, handover) {
  await prison.open(handover);
  await prison.press('Record the ground for sharing');
  await prison.press('Save the ground');
  await stops.error(prison, 'the ground for sharing, error', 'Select the partner', 'Enter the purpose');
  await answerAll(prison, {'partner': partner.site.name, 'law': 'UK GDPR', 'ground': 'Public task', 'purpose': 'support after release'});
  for (const kind of ['Name, date of birth, numbers', 'How to reach the person', 'Release date and kind', "Do's and don'ts", 'Levels of risk',
    'Licence in a few words', 'Needs and support', 'Health and access needs']) await prison.answer('classes', kind);
  await prison.press('Save the ground');
  await prison.press('Share with a partner');
  await stops.look(prison, 'share');
  await prison.answer('partner', partner.site.name);
  await prison.press('Share this handover');
  await stops.says(prison, 'shared', 'The handover is shared', 'Not sent yet');
  await stops.look(prison, 'handover, shared');
}

async function accepted(stops, prison, partner, handover) {
  for (const person of [prison, partner]) await exchange(person);
  await partner.open('/handovers');
  await stops.says(partner, 'the list', whole, '4 December 2099');
  await stops.look(partner, 'handovers');
  await partner.press(whole);
  check('the partner opens the same handover', partner.path() === handover, partner.path());
  await stops.look(partner, 'handover, at the partner');
  await partner.press('Accept this handover');
  await partner.press('Accept');
  await stops.error(partner, 'accept, error', 'Enter who takes it');
  await partner.answer('contact', 'Cat, 07700 900111');
  await partner.press('Accept');
  await stops.says(partner, 'accepted', 'You have accepted this handover');
  await partner.open(`${handover}/read`);
  await stops.look(partner, 'read what has changed');
  await partner.press('I have read all of these');
  await stops.says(partner, 'read', 'You have said that you read this');
  for (const person of [partner, prison, partner, prison]) await exchange(person);
  await prison.open(handover);
  await stops.says(prison, 'where it is', 'Accepted', 'Sent on', `Arrived at ${partner.site.name}`, 'Read by Cat Example');
  await stops.look(prison, 'handover, read by the partner');
}

async function bothChange(stops, tell, prison, partner, handover) {
  await tell('hub', 'stop');
  await change(prison, handover, 'change/release', {'release-date': '1 12 2099'});
  await change(partner, handover, 'change/release', {'release-date': '15 12 2099'});
  await exchange(prison);
  await stops.says(prison, 'while the exchange is down', 'Not connected');
  await stops.look(prison, 'sending and receiving, offline');
  await tell('hub', 'start');
  for (const person of [prison, partner, prison, partner]) await exchange(person);
  await stops.says(partner, 'back again', 'Connected');
  await stops.look(partner, 'sending and receiving');
  for (const person of [prison, partner]) {
    await person.open(handover);
    await stops.says(person, 'the handover', 'Changed in two places: Expected release date', '1 December 2099');
    await stops.look(person, `handover, conflict, ${person === prison ? 'prison' : 'partner'}`);
  }
}

// ---- who decides

async function differing(stops, person, partner, where) {
  await person.open('/');
  await person.press('1 detail changed in two places');
  await stops.says(person, 'what differs', '1 December 2099 HMP Leeds', `15 December 2099 ${partner.site.name}`);
  await stops.look(person, `changed in two places, ${where}`);
  await person.press(`Expected release date in Handover of ${whole}`);
  await stops.says(person, 'each change', 'HMP Leeds, Ann Example', `${partner.site.name}, Cat Example`);
  await stops.look(person, `compare, ${where}`);
  return person.path();
}

async function decided(stops, tell, prison, partner, desk) {
  await differing(stops, partner, partner, 'partner');
  await stops.says(partner, 'who decides', 'HMP Leeds keeps this record and decides');
  check('the partner has no form', await partner.page.locator('main >> text=Decide later').count() === 0);
  await tell('sync', 'desk');
  await differing(stops, desk, partner, 'central team');
  await desk.press('Decide');
  await stops.error(desk, 'compare, error, central team', 'HMP Leeds still has time to decide', 'Select the one that holds');
  const address = await differing(stops, prison, partner, 'prison');
  check('nothing is chosen beforehand', await prison.page.locator('input:checked').count() === 0);
  await prison.press('Decide later');
  await stops.says(prison, 'deciding later', 'Nothing was decided');
  await prison.open(address);
  await prison.page.getByLabel('Another value').check();
  await prison.answer('reason', `as ${longName} said`);
  await prison.press('Decide');
  check('what was typed is kept', (await prison.page.inputValue('#reason')).includes(longName));
  await stops.error(prison, 'compare, error, prison', 'Enter the value that holds');
  await prison.answer('release-date', '2 12 2099');
  await prison.press('Decide');
  await stops.says(prison, 'decided', 'What holds 2 December 2099', 'Not sent yet');
  await stops.look(prison, 'decided, prison');
  for (const person of [prison, partner]) await exchange(person);
  await partner.open(address);
  await stops.says(partner, 'who decided', 'What holds 2 December 2099', 'HMP Leeds, Ann Example', 'Reached us on', longName);
  await stops.look(partner, 'decided, partner');
}

// ---- to the gate and to the end

async function planned(stops, prison, partner, handover) {
  await partner.open(handover);
  await partner.press('Plan the meeting and the gate');
  await stops.look(partner, 'plan the meeting and the gate');
  await answerAll(partner, {'meeting-on': '20 11 2099', 'meeting-place': 'Main gate',
    'meeting-time': '8:30', 'change_reason': 'agreed by telephone'});
  await partner.press('Save');
  await stops.says(partner, 'planned', 'The plan is saved', 'Meeting place Main gate', 'Why: agreed by telephone');
  for (const person of [partner, prison]) await exchange(person);
  await prison.open(handover);
  await stops.says(prison, 'planned', `Planned by Cat Example, ${partner.site.name}`, 'Meeting time 08:30', 'Reached us on');
  await stops.look(prison, 'handover, planned');
}

async function atTheGate(stops, prison, partner, handover) {
  await partner.open(handover);
  await partner.press('Say how it went at the gate');
  await partner.press('Save the gate result');
  await stops.error(partner, 'the gate, error', 'Select whether the person was met', 'Enter who saw it');
  await answerAll(partner, {'result': 'No', 'reported-by': 'Cat, at the gate'});
  await partner.press('Save the gate result');
  await stops.says(partner, 'missed without a reason', 'Select why they were not met');
  await answerAll(partner, {'because': 'Released early'});
  await partner.press('Save the gate result');
  await stops.says(partner, 'missed', 'The gate result is recorded', 'Not met at the gate', 'Look for the person today');
  await stops.look(partner, 'handover, missed at the gate');
  await partner.press('The person was found');
  await partner.press('The person was found');
  await stops.says(partner, 'found', 'The person is recorded as found', 'Found afterwards');
  for (const person of [partner, prison]) await exchange(person);
  await prison.open(handover);
  await stops.says(prison, 'at the gate', 'Why they were not met Released early', `Found afterwards by Cat Example, ${partner.site.name}`);
}

async function closed(stops, prison, partner, handover) {
  await partner.open(handover);
  await partner.press('Support has begun');
  await partner.press('Support has begun');
  await partner.press('Close this handover');
  await stops.look(partner, 'close');
  await partner.answer('reason', 'Support completed');
  await partner.press('Close the handover');
  await stops.says(partner, 'closed', 'The handover is closed');
  for (const person of [partner, prison]) await exchange(person);
  await prison.open('/handovers');
  await stops.says(prison, 'nothing is left to do', 'There are no handovers here');
  await prison.open('/handovers?stage=over');
  await prison.press(whole);
  await stops.says(prison, 'closed', `Closed by Cat Example, ${partner.site.name}`, 'Why it was closed Support completed');
  await stops.look(prison, 'handover, closed');
}

async function searched(stops, prison) {
  await prison.open('/search');
  await prison.press('Search');
  await stops.error(prison, 'search, error', 'Type one to eight words');
  await prison.answer('q', 'quill');
  await prison.press('Search');
  await stops.says(prison, 'search', `Handover of ${whole}`, `Family name: ${family}`);
  await stops.look(prison, 'search');
}

async function walkHandover(stops, tell, {prison, partner, desk}) {
  const handover = await begun(stops, prison);
  await completed(stops, prison, handover);
  await shared(stops, prison, partner, handover);
  await accepted(stops, prison, partner, handover);
  await bothChange(stops, tell, prison, partner, handover);
  await decided(stops, tell, prison, partner, desk);
  await planned(stops, prison, partner, handover);
  await atTheGate(stops, prison, partner, handover);
  await closed(stops, prison, partner, handover);
  await searched(stops, prison);
}

module.exports = {walkHandover, longName, family};
