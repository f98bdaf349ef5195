// A Chromium with a fresh profile, and a gallery to look at.
const {chromium} = require('playwright-core');
const {spawn} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

async function startGallery(program) {
  const gallery = spawn(program, [String(26000 + process.pid % 5000)], {stdio: ['ignore', 'pipe', 'inherit']});
  const line = await new Promise((resolve, reject) => {
    gallery.stdout.once('data', (data) => resolve(String(data)));
    gallery.once('exit', () => reject(new Error('the gallery did not start')));
  });
  const base = 'http://' + line.trim().split(' ').pop();
  const end = () => new Promise((resolve) => { gallery.once('exit', resolve); gallery.kill('SIGTERM'); });
  return {base, end};
}

// What the page's console and the network say is collected in `complaints`.
async function startBrowser(options = {}) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'throughgate-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium', headless: true, viewport: {width: 1280, height: 900}, args: flags, ...options,
  });
  const complaints = [];
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.on('console', (message) => {
    // Pages shown with 422, 423 and the like are what we look at: Chromium notes the status itself.
    if (!/Failed to load resource: the server responded with a status of 4/.test(message.text())) {
      complaints.push(`${page.url()} console ${message.type()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()} error: ${error.message}`));
  const end = async () => { await context.close(); fs.rmSync(profile, {recursive: true, force: true}); };
  return {context, page, complaints, end};
}

async function signIn(page, base) {
  await page.goto(base + '/sign-in');
  await page.fill('#name', 'alex');
  await page.fill('#password', 'correct horse');
  await page.click('button[type=submit]:has-text("Sign in")');
  await page.waitForSelector('text=Signed in as Alex Hughes');
}

const failures = [];
let planted = null;  // where failures go while they are wanted
function check(what, good, seen = '') {
  if (!planted) console.log(good ? 'ok:' : 'FAILED:', what, good ? '' : seen);
  if (!good) (planted || failures).push(what);
}
// For tests of the checks themselves: what fails meanwhile is the answer, and fails nothing.
async function failuresDuring(action) {
  planted = [];
  await action();
  const out = planted;
  planted = null;
  return out;
}
const finish = () => process.exit(failures.length ? 1 : 0);
// Whoever waits for what never comes is ended by Node as if all were well: only finish() says that it is.
process.exitCode = 1;

module.exports = {flags, startGallery, startBrowser, signIn, check, failuresDuring, finish};
