// A stop on a walk: the page as it stands is looked at, at both widths, and what it says is checked. Two walks go the same
// way, one with scripts and one without.
const {check} = require('./browser.cjs');
const {lookAt, fits} = require('./looking.cjs');

const widths = [1280, 320];
const isEven = (name) => [...name].reduce((sum, sign) => sum + sign.codePointAt(0), 0) % 2 === 0;

class Stops {
  constructor(javaScript, pictures) { Object.assign(this, {javaScript, pictures, count: 0}); }

  // What is only passed on the way is looked at in one of the two walks alone: half of the names in each. Whether in this one.
  async lookOnTheWay(person, name) {
    if (isEven(name) !== this.javaScript) return false;
    await this.look(person, name);
    return true;
  }

  // Of axe's two looks at a stop one is here and one in the other walk: a wide screen with scripts, a narrow one without.
  async look(person, name) {
    this.count += 1;
    await person.scripts(true);
    const [width, other] = this.javaScript ? widths : [...widths].reverse();
    const word = this.javaScript ? 'on' : 'off';
    const file = `${String(this.count).padStart(3, '0')}-${name.replace(/[^a-z0-9]+/gi, '-')}`;
    const picture = (wide) => this.pictures && `${this.pictures}/${file}-${wide}-js-${word}.png`;
    const about = [person.page, person.session, `${person.site.name}: ${name}`];
    await fits(...about, other, picture(other));
    await lookAt(...about, width, picture(width));
    // People go on with scripts on a wide screen, and without them on a narrow one.
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
