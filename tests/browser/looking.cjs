// What is asked of every page: axe finds nothing, nothing is wider than the screen, there is one main heading.
const fs = require('node:fs');
const {check} = require('./browser.cjs');

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// `session`: the debugger's, which the pages' policy does not bind.
async function violations(session) {
  const run = async (expression) => {
    const answer = await session.send('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true});
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
    return answer;
  };
  if (!(await run('typeof axe === "object"')).result.value) await run(axe);
  const answer = await run(`axe.run(document, {runOnly: {type: 'tag', values: ${JSON.stringify(tags)}}, resultTypes: ['violations'], preload: false})
    .then(r => JSON.stringify(r.violations.map(v => [v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 160)])))`);
  return answer.result.value;
}

async function contentWidth(session) {
  return (await session.send('Page.getLayoutMetrics')).cssContentSize.width;
}

// `picture`: a file to save it in, if any.
async function fits(page, session, name, width, picture) {
  await page.setViewportSize({width, height: 900});
  const wide = await contentWidth(session);
  check(`${name} at ${width} px: nothing is cut off or wider than the screen`, wide <= width, wide);
  if (picture) await page.screenshot({path: picture, fullPage: true});
}

// The page as it stands, at one width.
async function lookAt(page, session, name, width, picture) {
  await fits(page, session, name, width, picture);
  const at = `${name} at ${width} px`;
  const found = await violations(session);
  check(`${at}: axe finds nothing`, found === '[]', found);
  const headings = await page.locator('h1').count();
  check(`${at}: there is one main heading`, headings === 1, headings);
}

module.exports = {fits, lookAt};
