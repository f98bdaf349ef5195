// A charity's first computer and its second are set up by the pages of the real program, and somebody signs in. At each stop,
// at 1280 and 320 px: nothing is wider than the screen, there is one main heading, axe finds nothing. The recovery sheet
// prints on one page.
// usage: set_up_walk.cjs BUILD_FOLDER on|off [FOLDER_FOR_PICTURES]
const fs = require('node:fs');
const {check, finish} = require('./browser.cjs');
const {NewComputer} = require('./new_computer.cjs');
const {startChromium, Person} = require('./served_sites.cjs');
const {Stops} = require('./stops.cjs');

const [buildFolder, javaScriptWord, pictures] = process.argv.slice(2);
const javaScript = javaScriptWord === 'on';
const password = 'seven green kettles sing';
const charity = 'Bridge Trust Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch-Featherstonehaugh';

async function fill(person, answers, button = 'Continue') {
  for (const [name, value] of Object.entries(answers)) await person.answer(name, value);
  await person.press(button);
}

async function typeCode(stops, person, code) {
  await person.open('/sign-in');
  check('a computer that is not set up asks for the code', person.path() === '/set-up', person.path());
  await stops.look(person, 'set-up code');
  await person.press('Continue');
  await stops.error(person, 'no set-up code', 'Enter the code');
  await fill(person, {code: 'AAAA-BBBB-CCCC'});
  await stops.error(person, 'a wrong set-up code', 'This is not the code that stands where the program was started', '9 tries left');
  // By keyboard alone, from where the page leaves it.
  await person.page.locator('#code').focus();
  await person.page.keyboard.type(code.toLowerCase());
  await person.page.keyboard.press('Enter');
  await person.page.waitForURL('**/set-up/which-computer');
  await person.page.waitForLoadState();
}

async function organisation(stops, person) {
  await stops.look(person, 'what organisation');
  await person.press('Continue');
  await stops.error(person, 'no organisation', 'Select what organisation it is');
  await fill(person, {kind: 'A prison'});
  await stops.look(person, 'which prison');
  await person.press('Continue');
  await stops.error(person, 'no prison', 'Select the prison');
  await fill(person, {prison: 'Durham (HMP & YOI)'});
  await person.open('/set-up/kind');
  await fill(person, {kind: 'A partner'});
  await stops.look(person, 'the name');
  await person.press('Continue');
  await stops.error(person, 'no name', 'Enter the name of the organisation');
  await fill(person, {name: charity});
}

async function member(stops, person) {
  await stops.look(person, 'who signs in first');
  await person.press('Continue');
  await stops.error(person, 'nobody signs in first', 'Enter the full name');
  await fill(person, {person: 'Mary Made-Up', 'sign-in': 'mary'});
  await stops.look(person, 'check');
  await stops.says(person, 'all answers', charity, 'Mary Made-Up', 'Looks after this computer');
}

async function printed(person) {
  const file = `${pictures || person.site.folder}/recovery-sheet.pdf`;
  await person.scripts(true);
  await person.page.setViewportSize({width: 1280, height: 900});
  const pdf = await person.page.pdf({preferCSSPageSize: true, path: file});
  await person.scripts(javaScript);
  const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length;
  check('the recovery sheet prints on one page', pages === 1, pages);
  await person.page.emulateMedia({media: 'print'});
  const unseen = await person.page.locator('button, .govuk-back-link').evaluateAll((some) => some.filter((each) => each.offsetParent).length);
  check('no button is printed', unseen === 0, unseen);
  await person.page.emulateMedia({media: null});
}

async function sheet(stops, person) {
  await stops.look(person, 'recovery sheet');
  const words = await person.page.locator('.sheet-words > li').allInnerTexts();
  check('the sheet has 24 words', words.length === 24, words.length);
  const number = (await person.page.locator('.recovery-sheet strong').innerText()).trim();
  await printed(person);
  await person.press('I have it on paper');
  await stops.look(person, 'words asked back');
  await person.press('Continue');
  await stops.error(person, 'no words', 'as the sheet has it');
  await person.press('look at the sheet again');
  await person.press('I have it on paper');
  const asked = {};
  for (const name of await person.page.locator('main input[type=text]').evaluateAll((all) => all.map((each) => each.name))) {
    asked[name] = words[Number(name.split('-')[1]) - 1].trim();
  }
  await fill(person, asked);
  return {number, words};
}

async function choosePassword(stops, person, name) {
  const button = 'Set this computer up';
  await stops.look(person, `${name}, password`);
  await fill(person, {'new-password': 'password1234', 'again-password': 'password1234'}, button);
  await stops.error(person, `${name}, a common password`, 'common');
  await fill(person, {'new-password': password, 'again-password': `${password}!`}, button);
  await stops.error(person, `${name}, two passwords`, 'The two passwords differ');
  await fill(person, {'new-password': password, 'again-password': password}, button);
  check('it goes on to sign in', person.path() === '/sign-in', person.path());
  await person.page.fill('#name', 'mary');
  await person.page.fill('#password', password);
  await person.press('Sign in');
  await person.page.waitForSelector('text=Signed in as Mary Made-Up');
  check(`${name}: the start page comes`, person.path() === '/', person.path());
}

async function first(stops, person, code) {
  await typeCode(stops, person, code);
  await stops.look(person, 'which computer');
  await person.press('Continue');
  await stops.error(person, 'no answer', 'Select which computer this is');
  await fill(person, {'which-computer': 'Its first computer with Throughgate'});
  await organisation(stops, person);
  await member(stops, person);
  await person.press('Show the recovery sheet');
  const paper = await sheet(stops, person);
  await choosePassword(stops, person, 'the first');
  return paper;
}

async function another(stops, person, code, {number, words}) {
  await person.open('/');
  await fill(person, {code});
  await fill(person, {'which-computer': 'Another one, or one in place of a lost one'});
  await stops.look(person, 'the sheet that there is');
  await fill(person, {number: '1234', 'sheet-words': words.slice(1).join(' ')});
  await stops.error(person, 'a sheet mistyped', 'there are 23 words');
  await fill(person, {number, 'sheet-words': words.map((word, i) => `${i + 1} ${word}`).join('\n')});
  await fill(person, {kind: 'A partner'});
  await fill(person, {name: charity});
  await fill(person, {person: 'Mary Made-Up', 'sign-in': 'mary'});
  await stops.look(person, 'check, another computer');
  await person.press('Continue');
  await choosePassword(stops, person, 'the second');
}

// Somebody else at the same address, while and after it is set up.
async function stranger(stops, browser, computer) {
  const other = await Person.at(browser, computer.site, {javaScript});
  await other.open('/');
  await stops.says(other, 'another browser', 'Somebody is setting this computer up');
  await stops.look(other, 'another browser');
  stops.console(other);
}

(async () => {
  if (pictures) fs.mkdirSync(pictures, {recursive: true});
  const stops = new Stops(javaScript, pictures);
  const begin = 20000 + (process.pid % 2000) * 4;
  const computers = [new NewComputer(buildFolder, begin), new NewComputer(buildFolder, begin + 1), new NewComputer(buildFolder, begin + 2)];
  const told = [];
  for (const computer of computers) told.push(await computer.start());
  const browser = await startChromium();
  try {
    const [one, two, taken] = computers;
    const mary = await Person.at(browser, one.site, {javaScript});
    mary.site.folder = one.folder;
    const paper = await first(stops, mary, told[0]);
    check('the program says that it is set up', one.said.includes('This computer is set up'), one.said);
    check('the program says nothing else', !paper.words.slice(0, 4).every((word) => one.said.includes(word)) && !one.said.includes(password));
    const again = await Person.at(browser, two.site, {javaScript});
    await another(stops, again, told[1], paper);
    const somebody = await Person.at(browser, taken.site, {javaScript});
    await somebody.open('/');
    await fill(somebody, {code: told[2]});
    await stranger(stops, browser, taken);
    for (const person of [mary, again, somebody]) stops.console(person);
  } finally {
    await browser.close();
    for (const computer of computers) await computer.end();
  }
  console.log(`${stops.count} stops`);
  finish();
})().catch((error) => { console.error(error); process.exit(1); });
