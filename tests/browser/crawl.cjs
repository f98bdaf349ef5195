// Every page that a site's links lead to, one of each kind of address, and what each form says when it comes back with
// nothing in it: all are looked at as a stop is. It changes nothing at the site but what a form that was thought to be
// refused takes, and that is reported.
const {check} = require('./browser.cjs');

const someId = /\/[0-9a-f]{16,}(?=\/|$)/g;
// What differs by the site, or by what has happened to what it shows: how many of a kind are looked at, and how many opened.
const lookedAtAtEach = {'/': 1, '/sync': 1, '/notices': 1, '/volunteers': 1, '/handovers': 1, '/handovers/:id': 4,
  '/volunteers/:id': 2, '/changed-in-two-places': 1};
const openedAtEach = {'/handovers/:id': 40, '/volunteers/:id': 3};

// Forms that need no answer and would change something.
const takenAsTheyAre = ['/sign-out', '/sync', '/notices', '/handovers/:id/read', '/handovers/:id/found', '/handovers/:id/lost',
  '/handovers/:id/support', '/handovers/:id/again', '/check-records', '/copied-facts', '/central-team/requests/ask',
  '/central-team/list/renew', '/central-team/list/snapshot', '/central-team/requests/:id/invitation', '/central-team/requests/:id/answer',
  '/central-team/requests/:id/take-back', '/central-team/invite/:id', '/central-team/agreements/:id/end'];
// Forms in which all may be left empty: answered with a day that is none and too long a text instead.
const mayBeEmpty = /\/(change|plan|release|needs|flags|grounds|volunteer-file)(\/|\?|$)/;
// Left empty, they ask for everything.
const lists = ['/volunteers', '/handovers', '/who-looked'];
const address = (text) => { const url = new URL(text); return url.pathname + url.search; };

// Two addresses of one kind show the same page of other records. The parts of a volunteer's own record are kept apart.
function kindOf(text) {
  const url = new URL(text, 'http://site');
  const path = url.pathname.replace(someId, '/:id').replace(/\/\d+(?=\/|$)/g, '/:number')
    .replace(/(\/:id\/records)\/[a-z-]+/, '$1/:type').replace(/(\/:id\/add)\/(?!volunteer-file)[a-z-]+/, '$1/:type');
  const own = path === '/volunteers/:id/change' && url.searchParams.get('part');
  const names = [...new Set(url.searchParams.keys())].sort().map((name) => (own && name === 'part' ? `part=${own}` : name));
  return path + (names.length ? '?' + names.join('&') : '');
}

// The kinds that some site has shown, of pages and of forms.
class Crawls {
  constructor(stops) { Object.assign(this, {stops, pages: new Set(), forms: new Set(), looked: 0, opened: 0}); }

  // Each person goes round a site of their own, at the same time.
  async of(people) { await Promise.all(people.map((person) => new Crawl(this, person).all())); }
}

class Crawl {
  constructor(all, person) { Object.assign(this, {crawls: all, person, kinds: new Map(), queue: [], queued: new Set()}); }

  async all() {
    this.add(this.person.site.url + '/');
    while (this.queue.length > 0) await this.visit(this.queue.shift());
  }

  add(href) {
    const to = address(href);
    const kind = kindOf(href);
    const before = this.kinds.get(kind) || 0;
    if (this.queued.has(to) || before >= (openedAtEach[kind] || 1)) return;
    this.queued.add(to);
    this.kinds.set(kind, before + 1);
    this.queue.push({to, kind, nth: before + 1});
  }

  async visit({to, kind, nth}) {
    const answer = await this.person.page.goto(this.person.site.url + to);
    this.crawls.opened += 1;
    check(`${this.person.site.name}: the link to ${kind} leads to a page`, answer.status() === 200, `${to}: ${answer.status()}`);
    const policy = answer.headers()['content-security-policy'] || '';
    check(`${this.person.site.name}: ${kind} has a policy`, policy.startsWith("default-src 'none'; script-src 'self'"), policy);
    const {title, links, forms} = await this.person.inPage(found);
    if (nth <= (lookedAtAtEach[kind] || 0) || !this.crawls.pages.has(kind)) {
      this.crawls.pages.add(kind);
      await this.look(kind, title);
    }
    if (kind === '/volunteers/:id') this.add(`${this.person.site.url}${to}/records/role-held`);  // linked once there are many
    links.filter((link) => link.startsWith(this.person.site.url + '/')).forEach((link) => this.add(link));
    for (const [index, form] of forms.entries()) await this.tryForm(to, index, form);
  }

  async look(name, title) {
    if (await this.crawls.stops.lookOnTheWay(this.person, name)) this.crawls.looked += 1;
    check(`${this.person.site.name}: ${name}: the title says what it is`, /^.{3,} - Throughgate$/.test(title), title);
  }

  async tryForm(from, index, {action, method}) {
    const kind = kindOf(action);
    if (this.crawls.forms.has(kind) || takenAsTheyAre.includes(kind)) return;
    this.crawls.forms.add(kind);
    const {page, site} = this.person;
    await page.goto(site.url + from);
    const wrong = mayBeEmpty.test(kind);
    if (await this.person.inPage(wrong ? spoil : empty, index) === 0) return;  // choices alone are never wrong
    await Promise.all([page.waitForNavigation(), this.person.inPage(send, index)]);
    const name = `${kind} (${method}), ${wrong ? 'wrong' : 'empty'}`;
    const {title} = await this.person.inPage(found);
    if (!lists.includes(kind)) check(`${site.name}: ${name}: it is refused`, title.startsWith('Error: '), `${title}; ${page.url()}`);
    await this.look(name, title);
  }
}

// In the page: what it is called, and what leads on from it.
function found() {
  return {
    title: document.title,
    links: [...document.querySelectorAll('a[href]')].map((link) => link.href),
    forms: [...document.forms].map((form) => ({action: form.action, method: form.method})),
  };
}
// As somebody leaves a form who answers nothing ...
function empty(index) {
  for (const box of document.forms[index].elements) {
    if (box.type === 'hidden' || box.tagName === 'BUTTON' || box.tagName === 'FIELDSET') continue;
    if (box.type === 'radio' || box.type === 'checkbox') box.checked = false;
    else box.value = '';
  }
}
// ... or who cannot be understood. How many answers are wrong now.
function spoil(index) {
  const day = {day: '31', month: '2', year: '2099'};
  const typed = [...document.forms[index].elements].filter((box) => ['textarea', 'text', 'email', 'tel'].includes(box.type) && box.name !== 'change_reason');
  for (const box of typed) {
    const part = /-(day|month|year)$/.exec(box.name);
    box.value = part ? day[part[1]] : 'Llanfair'.repeat(2600);
  }
  return typed.length;
}
function send(index) {
  document.forms[index].querySelector('button:not([type=button])').click();
}

// What the walk itself never comes to; and fewer than this mean that links were not followed.
const toBeSeen = ['/staff', '/staff/new', '/staff/:id/roles', '/staff/:id/reset', '/staff/:id/leave', '/own-password',
  '/who-looked', '/keeping', '/asked-to-erase', '/holds', '/holds/on/:id', '/erase/:id', '/kept-long-enough', '/copied-facts', '/backups',
  '/check-records', '/lost', '/subject-access/:id', '/remove-value/:id', '/said-to-be-wrong/:id', '/notices', '/by-hand', '/by-hand/bring', '/handovers/new', '/handovers/not-confirmed', '/volunteers/:id/file', '/volunteers/:id/stage', '/volunteers/:id/add/:type',
  '/volunteers/:id/add/volunteer-file', '/volunteers/:id/change?part=1', '/volunteers/:id/records/:type',
  '/volunteers/:id/records/:type/:id/change', '/volunteers/:id/records/:type/:id/history',
  ...['', '/agreements', '/forks', '/invite', '/list', '/organisations', '/organisations/:id', '/requests', '/requests/:id', '/waiting-at-exchange']
    .map((page) => `/central-team${page}`),
  ...['decline', 'more-info', 'code', 'confirm-code', 'release', 'stop', 'remove-partner', 'add-partner', 'backup', 'move-to', 'again', 'lost', 'found', 'support', 'flags/new', 'flags/:id', 'grounds/:id',
    'needs/new', 'needs/:id', 'change/person', 'change/risk', 'change/licence', 'change/sharing', 'change/gate-plan',
    'change/notes'].map((page) => `/handovers/:id/${page}`)];
const looksMin = 55, formsMin = 35;

function checkReach(crawls) {
  const unseen = toBeSeen.filter((kind) => !crawls.pages.has(kind));
  check('the links of the sites lead to every page that is waited for', unseen.length === 0, unseen.join(' '));
  check(`at least ${looksMin} pages were looked at on the way in this walk`, crawls.looked >= looksMin, crawls.looked);
  check(`at least ${formsMin} forms were refused`, crawls.forms.size >= formsMin, crawls.forms.size);
}

module.exports = {Crawls, checkReach};
