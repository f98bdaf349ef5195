// What a person does, by keyboard alone, without JavaScript, and what another site does meanwhile.
// usage: journeys.cjs GALLERY_PROGRAM
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const {startGallery, startBrowser, signIn, check, finish} = require('./browser.cjs');

const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || e.type === 'radio' || e.type === 'checkbox';
  return {what: e.id || e.className || e.tagName, text: (e.textContent || '').trim().slice(0, 40), tag: e.tagName, seen};
});

async function keyboard(base) {
  const {page, complaints, end} = await startBrowser();
  await page.goto(base + '/sign-in');
  await page.keyboard.press('Tab');
  const first = await focused(page);
  check('the skip link is the first stop', first.text === 'Skip to main content' && first.seen, JSON.stringify(first));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  check('it leads to the first field', (await focused(page)).what === 'name');
  await page.keyboard.type('alex');
  await page.keyboard.press('Tab');
  await page.keyboard.type('correct horse');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Signed in as');
  check('signing in needs no mouse', true);

  await page.goto(base + '/compare');
  const stops = [];
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (stop.tag === 'BODY') break;
    stops.push(stop);
  }
  const unseen = stops.filter((stop) => !stop.seen);
  check('every stop of the keyboard can be seen', unseen.length === 0, JSON.stringify(unseen));
  const order = ['Volunteers', 'Sign out', 'Save this record', 'Decide later'].map((t) => stops.findIndex((s) => s.text === t));
  check('the stops come in the order of the page', order.every((at, i) => at >= 0 && (i === 0 || at > order[i - 1])), order);

  await page.focus('#phone');
  await page.keyboard.press('Space');
  check('a version is chosen with the space bar', await page.isChecked('#phone'));
  await page.keyboard.press('ArrowDown');
  check('and changed with the arrows', await page.isChecked('#phone-2'));
  await page.focus('text=Save this record');
  await page.keyboard.press('Enter');
  await page.waitForURL(base + '/');
  check('and sent with enter', true);

  await page.goto(base + '/volunteers/new');
  await page.click('text=Save and continue');
  await page.waitForSelector('.govuk-error-summary');
  check('an error takes the focus', (await page.evaluate(() => document.activeElement.className)).includes('error-summary'));
  check('the title says so first', (await page.title()).startsWith('Error: '));
  await page.click('text=Enter their full name >> nth=0');
  check('its link leads to the field', (await focused(page)).what === 'name');
  check('the console is clean', complaints.length === 0, complaints.join('\n'));
  await end();
}

async function withoutJavaScript(base) {
  const {page, end} = await startBrowser({javaScriptEnabled: false});
  await signIn(page, base);
  await page.goto(base + '/volunteers');
  await page.click('text=Partner');
  check('sorting works without JavaScript', page.url().includes('sort=partner'), page.url());
  await page.fill('#q', "O'Brien & <Sons>");
  await page.click('text=Apply filters');
  check('filtering works without JavaScript', page.url().includes('q=O%27Brien'), page.url());
  check('what was typed is shown again', (await page.inputValue('#q')) === "O'Brien & <Sons>");
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'throughgate-file-')), 'a.csv');
  fs.writeFileSync(file, 'a,b\n'.repeat(1000));
  await page.goto(base + '/upload');
  await page.click('text=Continue');
  check('no file chosen is said to be missing', await page.isVisible('.govuk-error-summary'));
  await page.setInputFiles('#bundle', file);
  await page.click('text=Continue');
  check('a file arrives whole', (await page.textContent('main')).includes('It has 4,000 bytes'));
  fs.writeFileSync(file, 'a,b\n'.repeat(700_000));
  await page.goto(base + '/upload');
  await page.setInputFiles('#bundle', file);
  await page.click('text=Continue');
  await page.waitForSelector('text=What you sent is too big');
  check('a file that is too big gets a page, not a broken connection', true);
  fs.rmSync(path.dirname(file), {recursive: true, force: true});
  await page.goto(base + '/handover');
  await page.click('text=Who can see this');
  check('details open without JavaScript', await page.isVisible('text=HMP Northgate and St Giles Trust.'));
  await page.click('text=Sign out');
  await page.goto(base + '/handover');
  check('after signing out pages are closed', page.url().includes('/sign-in'), page.url());
  await end();
}

// Another program on this machine serves a page that tries to use the visitor's session.
async function foreignPage(base) {
  const html = `<!doctype html><title>x</title><form method=post action="${base}/sync"><input name=csrf value=x></form>
    <iframe src="${base}/volunteers"></iframe><img src="${base}/volunteers"><script>document.forms[0].submit()</script>`;
  const foreign = http.createServer((_, answer) => { answer.setHeader('Content-Type', 'text/html'); answer.end(html); });
  const port = 19000 + process.pid % 900;
  await new Promise((resolve) => foreign.listen(port, '127.0.0.1', resolve));
  const {page, context, end} = await startBrowser();
  await signIn(page, base);
  const cookies = await context.cookies();
  const cookie = cookies.find((c) => c.name === '__Host-sid');
  check('the cookie is held as it should be', cookie && cookie.httpOnly && cookie.secure && cookie.sameSite === 'Strict');
  check('scripts cannot read it', (await page.evaluate(() => document.cookie)) === '');
  const answer = page.waitForResponse((r) => r.url() === base + '/sync' && r.request().method() === 'POST');
  await page.goto(`http://127.0.0.1:${port}/`);
  check('a form forged by another port is refused', (await answer).status() === 403, (await answer).status());
  await end();
  foreign.close();
  foreign.closeAllConnections();
}

(async () => {
  const gallery = await startGallery(process.argv[2]);
  await keyboard(gallery.base);
  await withoutJavaScript(gallery.base);
  await foreignPage(gallery.base);
  await gallery.end();
  finish();
})().catch((error) => { console.error(error); process.exit(1); });
