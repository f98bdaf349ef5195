// A stop on a walk: the page as it stands is looked at, at both widths, and what it says is checked.
const {check} = require('./browser.cjs');
const {lookAt, fits} = require('./looking.cjs');

const widths = [1280, 320];

class Stops {
  constructor(javaScript, pictures) { Object.assign(this, {javaScript, pictures, count: 0}); }

  look(person, name) { return this.lookAtWidths(person, name, widths); }
  // The same, but axe at one width alone: a wide screen with scripts, a narrow one without.
  async lookOnTheWay(person, name) {
    const [wide, narrow] = widths;
    await fits(person.page, person.session, `${person.site.name}: ${name}`, this.javaScript ? narrow : wide);
    await this.lookAtWidths(person, name, [this.javaScript ? wide : narrow]);
  }

  async lookAtWidths(person, name, all) {
    this.count += 1;
    await person.scripts(true);
    const word = this.javaScript ? 'on' : 'off';
    for (const width of all) {
      const file = `${String(this.count).padStart(3, '0')}-${name.replace(/[^a-z0-9]+/gi, '-')}-${width}-js-${word}.png`;
      await lookAt(person.page, person.session, `${person.site.name}: ${name}`, width, this.pictures && `${this.pictures}/${file}`);
    }
    // People go on with scripts on a wide screen, and without them on a narrow one.
    await person.page.setViewportSize({width: this.javaScript ? 1280 : 320, height: 900});
    await person.scripts(this.javaScript);
  }

  // Of all pages that this person has seen.
  console(person) {
    check(`${person.site.name}: the console is clean`, person.complaints.length === 0, person.complaints.join('\n'));
  }

  async says(person, what, ...parts) {
    const text = (await person.text()).replace(/\s+/g, ' ');
    for (const part of parts) check(`${person.site.name}: ${what}: "${part}"`, text.includes(part), text);
  }

  async error(person, what, ...parts) {
    check(`${person.site.name}: ${what}: the title says so first`, (await person.page.title()).startsWith('Error: '));
    await this.says(person, what, 'There is a problem', ...parts);
    await this.look(person, what);
  }
}

module.exports = {Stops};
