// Every page of the gallery: axe finds nothing, nothing is wider than the screen, the policy is kept.
// usage: accessibility.cjs GALLERY_PROGRAM on|off WIDTH [FOLDER_FOR_PICTURES]
// off: as without JavaScript. axe itself needs it, so the pages' own script is emptied and the mark it leaves on the
// body taken away; journeys.cjs has a browser without any.
const fs = require('node:fs');
const {startGallery, startBrowser, signIn, check, finish} = require('./browser.cjs');
const {lookAt} = require('./looking.cjs');

const [program, javaScript, widthText, pictures] = process.argv.slice(2);
const pages = ['/', '/volunteers', '/volunteers?state=empty', '/volunteers?state=long', '/volunteers/new',
  '/volunteers/new?state=error', '/handover', '/handover?state=long', '/compare', '/compare?state=error',
  '/compare?state=long', '/sync', '/sync?state=empty', '/upload', '/upload?state=error', '/locked', '/nothing-here',
  '/everything?text=' + encodeURIComponent('<script>alert(1)</script>')];

async function visit(page, base, address, width) {
  await page.goto(base + address);
  if (javaScript === 'off') {
    await page.evaluate(() => document.body.classList.remove('js-enabled', 'govuk-frontend-supported'));
  }
  if (page.url() !== base + address) throw new Error(`${address} led to ${page.url()}`);
  const file = address.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'start';
  const session = await page.context().newCDPSession(page);
  await lookAt(page, session, address, width, pictures && `${pictures}/${file}-${width}-js-${javaScript}.png`);
  await session.detach();
}

(async () => {
  if (pictures) fs.mkdirSync(pictures, {recursive: true});
  const gallery = await startGallery(program);
  const browser = await startBrowser();
  if (javaScript === 'off') {
    await browser.context.route('**/app.js', (route) => route.fulfill({contentType: 'text/javascript', body: ''}));
  }
  const width = Number(widthText);
  await visit(browser.page, gallery.base, '/sign-in', width);
  await signIn(browser.page, gallery.base);
  for (const address of pages) await visit(browser.page, gallery.base, address, width);
  check('the console is clean under the policy', browser.complaints.length === 0, browser.complaints.join('\n'));
  await browser.end();
  await gallery.end();
  finish();
})().catch((error) => { console.error(error); process.exit(1); });
