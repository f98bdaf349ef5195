// The real programs with their pages, set up once by sites.py, and a browser with one person at each site.
const {chromium} = require('playwright-core');
const {spawn} = require('node:child_process');
const path = require('node:path');
const readline = require('node:readline');

const {flags} = require('./browser.cjs');

async function startSites(buildFolder) {
  const helper = spawn('python3', [path.join(__dirname, 'sites.py'), buildFolder], {stdio: ['pipe', 'pipe', 'pipe']});
  let said = '';  // only worth reading when something breaks
  helper.stderr.on('data', (data) => { said = (said + data).slice(-4000); });
  const ended = new Promise((resolve) => helper.once('close', (code) => resolve(code)));
  const lines = readline.createInterface({input: helper.stdout})[Symbol.asyncIterator]();
  const answer = async () => {
    const {value, done} = await lines.next();
    if (done) throw new Error(`sites.py ended with ${await ended}: ${said}`);
    return JSON.parse(value);
  };
  const facts = await answer();
  // "hub", "stop"; "sync", "prison": what sites.py can do.
  const tell = (...words) => {
    helper.stdin.write(words.join(' ') + '\n');
    return answer();
  };
  const end = async () => {
    helper.stdin.end();
    const code = await ended;
    if (code !== 0) throw new Error(`sites.py ended with ${code}: ${said}`);
  };
  return {facts, tell, end};
}

// One person at one site's pages, in a browser of their own: cookies do not tell ports apart.
class Person {
  static async at(browser, site, {javaScript}) {
    const person = new Person();
    Object.assign(person, {site, complaints: []});
    person.context = await browser.newContext({viewport: {width: 1280, height: 900}});
    person.page = await person.context.newPage();
    person.page.setDefaultTimeout(60000);
    person.page.on('console', (message) => {
      // Pages shown with 404, 422 and the like are what we look at: Chromium notes the status itself.
      if (/Failed to load resource: the server responded with a status of 4/.test(message.text())) return;
      person.complaints.push(`${person.page.url()} console ${message.type()}: ${message.text()}`);
    });
    person.page.on('pageerror', (error) => person.complaints.push(`${person.page.url()} error: ${error.message}`));
    person.session = await person.context.newCDPSession(person.page);
    await person.session.send('Page.enable');
    person.javaScript = javaScript;
    await person.scripts(javaScript);
    return person;
  }

  // While pages load and people use them nothing of theirs runs without JavaScript; axe needs it afterwards.
  scripts(on) { return this.session.send('Emulation.setScriptExecutionDisabled', {value: !on}); }

  // What a function says in the page, by the debugger: it works without JavaScript, and costs a fifth of a locator on a page
  // that has just come.
  async inPage(question, ...facts) {
    const expression = `(${question})(${facts.map((fact) => JSON.stringify(fact)).join()})`;
    const answer = await this.session.send('Runtime.evaluate', {expression, returnByValue: true});
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
    return answer.result.value;
  }

  async open(address) { await this.page.goto(this.site.url + address); }
  async press(name) {  // a button or a link by what it says, and the page that follows
    const main = this.page.locator('main');
    await main.getByRole('button', {name, exact: true}).or(main.getByRole('link', {name, exact: true})).first().click();
    await this.page.waitForLoadState();
  }
  // A question by the name of its field, answered as a person would: `value` is a date "4 12 2099", what a choice says, or
  // what is typed.
  async answer(name, value) {
    const boxes = this.page.locator(`main >> [name="${name}"]:not([type=hidden])`);
    if (await boxes.count() === 0) {
      const parts = value.split(' ');
      for (const [i, part] of ['day', 'month', 'year'].entries()) await this.page.fill(`#${name}-${part}`, parts[i]);
      return;
    }
    const kind = await boxes.first().evaluate((box) => (box.tagName === 'SELECT' ? 'select' : box.type));
    if (kind === 'select') await boxes.selectOption({label: value});
    else if (kind === 'radio' || kind === 'checkbox') await this.page.locator('main').getByLabel(value, {exact: true}).check();
    else await boxes.fill(value);
  }
  text() { return this.page.locator('main').innerText(); }
  path() { return this.page.url().slice(this.site.url.length); }
}

const startChromium = () => chromium.launch({executablePath: '/usr/bin/chromium', headless: true, args: flags});

module.exports = {startSites, startChromium, Person};
