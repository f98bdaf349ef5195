// The second computer of a prison, which has exchanged and cannot open what was written before it came: its pages say so, and
// open it with the words of the recovery sheet. By keyboard, as whoever reads words off a sheet types.
const {check} = require('./browser.cjs');

const address = '/older-records';

async function type(spare, words) {
  await spare.page.focus('#sheet-words');
  await spare.page.keyboard.type(words);
  await spare.page.keyboard.press('Tab');
  const button = await spare.inPage('() => document.activeElement.textContent.trim()');
  check('from the words the keyboard comes to the button', button === 'Open older records now with the recovery sheet', button);
  await Promise.all([spare.page.waitForNavigation(), spare.page.keyboard.press('Enter')]);
}

async function wrongWords(stops, {spare, partner}) {
  const words = spare.site.sheet.split(' ');
  await type(spare, [...words.slice(0, 6), 'hamstr', ...words.slice(7)].join(' '));
  await stops.error(spare, 'older records, one word wrong', 'Word 7: no sheet uses this');
  const shown = await spare.page.content();
  check('the words are not shown again', !shown.includes('hamstr') && !shown.includes(words.slice(0, 3).join(' ')));
  check('nor in the address', spare.path() === address, spare.path());
  await type(spare, partner.site.sheet);
  await stops.error(spare, "older records, another's sheet", "another organisation's: Bridge Trust");
}

async function walkOlder(stops, people) {
  const {spare} = people;
  for (const [page, name] of [['/', 'start, older records'], ['/volunteers', 'volunteers, older records'], ['/handovers', 'handovers, older records'],
    ['/search?q=Example', 'search, older records'], ['/sync', 'sending and receiving, older records'], ['/joining', 'joined, older records']]) {
    await spare.open(page);
    await stops.look(spare, name);
    check(`${name}: leads to what can be done`, await spare.page.locator(`main a[href="${address}"]`).count() === 1);
  }
  await spare.press('See what they wait for');
  await stops.says(spare, 'older records', 'cannot be opened yet', 'Without the sheet they open by themselves, once another computer of HMP Leeds');
  await stops.look(spare, 'older records');
  await spare.press('Open older records now with the recovery sheet');
  await stops.error(spare, 'older records, no words', 'Type the 24 words of the recovery sheet');
  await wrongWords(stops, people);
  await type(spare, spare.site.sheet);
  await stops.says(spare, 'older records opened', 'The recovery sheet has opened older records', 'Every record here is open');
  await stops.look(spare, 'older records, opened');
  await spare.open('/volunteers');
  check('what could not be opened is there', await spare.page.locator('main tbody tr').count() > 40);
  await spare.open('/who-looked');
  await stops.says(spare, 'who looked', 'Opened older records with the recovery sheet');
}

module.exports = {walkOlder};
