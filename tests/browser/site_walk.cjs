// The main journey over the pages of real programs: a hub, the central team, a prison and a partner. At each stop, at 1280
// and 320 px: nothing is wider than the screen, there is one main heading, axe finds nothing; and the console stays clean.
// At the end every page that links lead to, and every form with nothing in it, is looked at likewise.
// usage: site_walk.cjs BUILD_FOLDER on|off [FOLDER_FOR_PICTURES]
const fs = require('node:fs');
const {check, finish} = require('./browser.cjs');
const {startSites, startChromium, Person} = require('./served_sites.cjs');
const {Crawls, checkReach} = require('./crawl.cjs');
const {Stops} = require('./stops.cjs');
const {walkByHand} = require('./walk_by_hand.cjs');
const {walkAway} = require('./walk_away.cjs');
const {walkHandover} = require('./walk_handover.cjs');
const {walkJoining} = require('./walk_joining.cjs');
const {walkOlder} = require('./walk_older.cjs');
const {walkVolunteers} = require('./walk_volunteers.cjs');

const [buildFolder, javaScriptWord, pictures] = process.argv.slice(2);
const javaScript = javaScriptWord === 'on';

async function signIn(person) {
  await person.open('/sign-in');
  await person.page.fill('#name', person.site.signIn);
  await person.page.fill('#password', person.site.password);
  await person.press('Sign in');
  await person.page.waitForSelector(`text=Signed in as ${person.site.person}`);
}

// A site that nobody has used yet, and that has not joined.
async function freshSite(stops, person) {
  await person.open('/');
  check('nobody sees a page before signing in', person.path().startsWith('/sign-in'), person.path());
  await stops.look(person, 'sign in');
  await person.press('Sign in');
  check('an empty sign-in is an error', (await person.page.title()).startsWith('Error: '));
  await stops.look(person, 'sign in, error');
  await signIn(person);
  for (const [address, name] of [['/', 'start, empty'], ['/volunteers', 'volunteers, empty'], ['/handovers', 'handovers, fresh'],
    ['/changed-in-two-places', 'changed in two places, empty'], ['/notices', 'notices, empty'], ['/stolen-computer', 'stolen computer, empty'],
    ['/sync', 'sending and receiving, not joined'], ['/nothing-here', 'no such page']]) {
    await person.open(address);
    await stops.look(person, name);
  }
}

// Then everything else that there is, with a handover at every stage.
async function crawled(tell, stops, people) {
  await tell('stages');
  const begun = Date.now();
  const crawls = new Crawls(stops);
  await crawls.of(people);
  checkReach(crawls);
  console.log(`${crawls.looked} pages and refusals looked at of ${crawls.opened} opened: ${Math.round((Date.now() - begun) / 1000)} s`);
}

async function walk(browser, tell, facts, stops) {
  const people = {};
  for (const [name, site] of Object.entries(facts)) people[name] = await Person.at(browser, site, {javaScript});
  await freshSite(stops, people.fresh);
  for (const name of ['prison', 'partner', 'desk', 'spare']) await signIn(people[name]);
  await walkOlder(stops, people);
  await walkJoining(stops, people, await tell('hub', 'where'));
  await walkHandover(stops, tell, people);
  await walkByHand(stops, people);
  await walkVolunteers(stops, people);
  await walkAway(stops, people);
  // The second computer's pages are those of the first.
  await crawled(tell, stops, Object.values(people).filter((person) => person !== people.spare));
  for (const person of Object.values(people)) stops.console(person);
}

(async () => {
  if (pictures) fs.mkdirSync(pictures, {recursive: true});
  const stops = new Stops(javaScript, pictures);
  const begun = Date.now();
  const {facts, tell, end} = await startSites(buildFolder);
  const setUp = Date.now();
  const browser = await startChromium();
  try {
    await walk(browser, tell, facts, stops);
  } finally {
    await browser.close();
    await end();
  }
  const seconds = (from, to) => Math.round((to - from) / 1000);
  console.log(`${stops.count} stops: ${seconds(begun, setUp)} s to set up, ${seconds(setUp, Date.now())} s to walk`);
  finish();
})().catch((error) => { console.error(error); process.exit(1); });
