// A file for a stick: made at the prison, saved, looked at and brought in at the partner, and deleted.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {check} = require('./browser.cjs');

async function saved(prison) {
  const link = prison.page.locator('a[href^="/by-hand/files/"]').first();
  const [download] = await Promise.all([prison.page.waitForEvent('download'), link.click()]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'throughgate-by-hand-'));
  const file = path.join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return {folder, file};
}

async function walkByHand(stops, {prison, partner}) {
  await prison.open('/by-hand');
  await prison.answer('to', partner.site.name);
  await prison.answer('by', 'On a memory stick');
  await prison.press('Make the file');
  await stops.says(prison, 'a file is made', 'The file is made', 'Only these computers can open it');
  await stops.look(prison, 'by stick, made');
  const {folder, file} = await saved(prison);
  try {
    check('the name of the file says nothing', /^throughgate-[a-z]{8}\.tgb$/.test(path.basename(file)), path.basename(file));
    for (const [button, name, says] of [['Only say what it is', 'a file looked at', 'can open it'],
      ['Bring it in', 'a file brought in', 'The file is brought in']]) {
      await partner.open('/by-hand/bring');
      await partner.page.setInputFiles('#file', file);
      await partner.press(button);
      await stops.says(partner, name, says);
      await stops.look(partner, name);
    }
    await prison.open('/by-hand/bring');
    await prison.page.setInputFiles('#file', file);
    await prison.press('Bring it in');
    await stops.error(prison, 'a file brought in where it was made', 'made on this computer');
  } finally {
    fs.rmSync(folder, {recursive: true});
  }
  await prison.open('/by-hand');
  await prison.press('Delete from this computer');
  await stops.says(prison, 'files deleted', 'The files are deleted');
}

module.exports = {walkByHand};
