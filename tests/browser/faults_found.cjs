// The walk's own checks, on pages with a fault planted in each: every one is reported, by the check that is meant to.
const http = require('node:http');

const {check, finish, failuresDuring} = require('./browser.cjs');
const {Crawls} = require('./crawl.cjs');
const {startChromium, Person} = require('./served_sites.cjs');
const {Stops} = require('./stops.cjs');

const page = (main, more = '') => `<!DOCTYPE html><html lang="en"><head><title>A page</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main>${main}</main>${more}</body></html>`;
const heading = '<h1>A page</h1>';

const pages = {
  '/good': page(`${heading}<p>Nothing is wrong here.</p>`),
  '/no-label': page(`${heading}<input name="q">`),
  '/wide': page(`${heading}<div style="width: 500px">as wide as this</div>`),
  '/two-headings': page(heading + heading),
  '/says-something': page(heading, '<script>console.warn("made up")</script>'),
  '/breaks': page(heading, '<script>nobody.knows()</script>'),
  '/missing': page(heading, '<script src="/not-here.js" type="module"></script><script>fetch("http://127.0.0.1:1/")</script>'),
};

// Of each page: the checks that fail, and nothing else does.
const expected = {
  '/good': [],
  '/no-label': ['at 1280 px: axe finds nothing'],
  '/wide': ['at 320 px: nothing is cut off or wider than the screen'],
  '/two-headings': ['at 1280 px: there is one main heading'],
  '/says-something': ['the console is clean'],
  '/breaks': ['the console is clean'],
  '/missing': ['the console is clean'],
};

// What a crawl comes to: three of its pages have a fault each, one link leads nowhere, and one form takes what it should refuse.
const titled = (title, main) => page(heading + main).replace('<title>A page', `<title>${title} - Throughgate`);
const form = (to) => `<form method="post" action="${to}"><label>Name <input name="name"></label><button>Save</button></form>`;
const crawled = {
  'GET /': titled('Beginning', ['no-policy', 'gone', 'untitled', 'broad', 'takes', 'refuses'].map((to) => `<p><a href="/${to}">${to}</a></p>`).join('')),
  'GET /no-policy': titled('Open to all', ''),
  'GET /untitled': page(heading),
  'GET /broad': titled('As wide as this', `<p>${'w'.repeat(80)}</p>`),
  'GET /takes': titled('A form', form('/takes')),
  'POST /takes': titled('Saved', ''),
  'GET /refuses': titled('Another form', form('/refuses')),
  'POST /refuses': titled('Error: Another form', form('/refuses')),
};
const policies = (address) => (address === '/no-policy' ? {} : {'Content-Security-Policy': "default-src 'none'; script-src 'self'; form-action 'self'; img-src data:"});
const expectedOfCrawl = ['/no-policy has a policy', 'the link to /gone leads to a page',
  '/untitled: the title says what it is', '/broad at 320 px: nothing is cut off or wider than the screen', '/takes (post), empty: it is refused'];

function serve() {
  const server = http.createServer((request, response) => {
    const ofCrawl = crawled[`${request.method} ${request.url}`];
    const found = ofCrawl || pages[request.url];
    response.writeHead(found ? 200 : 404, {'Content-Type': 'text/html', ...(pages[request.url] ? {} : policies(request.url))});
    response.end(found || titled('Not found', ''));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(20000 + process.pid % 5000, '127.0.0.1', () => resolve(server));
  });
}

(async () => {
  const server = await serve();
  const browser = await startChromium();
  const site = {name: 'Made up', url: `http://127.0.0.1:${server.address().port}`};
  const stops = new Stops(true);
  for (const [address, faults] of Object.entries(expected)) {
    const person = await Person.at(browser, site, {javaScript: true});
    const found = await failuresDuring(async () => {
      await person.open(address);
      await person.page.waitForLoadState('networkidle');
      await stops.look(person, address);
      stops.console(person);
    });
    const seen = found.map((what) => what.replace(/^Made up: (\/[a-z-]+ )?/, ''));
    check(`${address}: what is wrong is reported, and nothing else`, JSON.stringify(seen) === JSON.stringify(faults), seen.join('; '));
  }
  const person = await Person.at(browser, site, {javaScript: true});
  await person.open('/good');
  const unsaid = await failuresDuring(() => stops.says(person, 'words', 'Nothing is wrong here.', 'The plan is saved'));
  check('words that are missing are reported, and no others', unsaid.length === 1 && unsaid[0].includes('The plan is saved'), unsaid);
  const noError = await failuresDuring(() => stops.error(person, 'an error', 'Nothing is wrong here.'));
  check('a page that should show an error and does not is reported', noError.length === 2, noError.join('; '));
  const bare = await Person.at(browser, site, {javaScript: false});
  await bare.open('/no-label');
  const narrow = await failuresDuring(() => new Stops(false).look(bare, 'bare'));
  check('without scripts axe looks at the narrow screen', narrow.join() === 'Made up: bare at 320 px: axe finds nothing', narrow.join('; '));
  for (const name of ['one name', 'another name']) {
    const inEach = await failuresDuring(async () => {
      for (const each of [true, false]) await new Stops(each).lookOnTheWay(bare, name);
    });
    check(`on the way ${name} is looked at in one of the two walks`, inEach.filter((what) => what.endsWith('axe finds nothing')).length === 1, inEach.join('; '));
  }
  const onTheWay = await failuresDuring(async () => {
    for (const each of [true, false]) await new Crawls(new Stops(each)).of([await Person.at(browser, site, {javaScript: each})]);
  });
  const seenOnTheWay = onTheWay.map((what) => what.replace(/^Made up: /, ''));
  check('the crawls of both walks report each fault on their way, and nothing else',
    JSON.stringify([...new Set(seenOnTheWay)].sort()) === JSON.stringify(expectedOfCrawl.sort()), seenOnTheWay.join('; '));
  await browser.close();
  server.close();
  finish();
})().catch((error) => { console.error(error); process.exit(1); });
