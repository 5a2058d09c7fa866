// The panels beside the map: what it is narrowed down to, and a case in detail. No markup is made of texts.
import * as session from './session.js'
import { LATE, STAGES, colourOf, stageOf } from './stages.js'
import { either, instant, t } from './words.js'

const HOUR_MS = 3_600_000
const byId = (id) => document.getElementById(id)

export function element(tag, given = {}, ...inside) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(given)) {
    if (name === 'colour') node.style.setProperty('--colour', value)
    else if (name in node) node[name] = value
    else node.setAttribute(name, value)
  }
  node.append(...inside.filter((part) => part !== null && part !== undefined))
  return node
}

export class Filters {
  constructor(changed) {
    this.changed = changed
    this.legend = { states: [], layers: [] }
    this.types = []
    this.stages = new Set(Object.keys(STAGES))
    this.layers = new Set()
    const panel = byId('filters')
    panel.addEventListener('change', () => this.changed())
    byId('reset').addEventListener('click', () => this.reset())
  }

  async open() {
    const [legend, types] = await Promise.all([
      session.read('map/legend.json').then((answer) => answer.json()), session.ask('CaseTypes'),
    ])
    this.legend = legend
    this.types = types
    this.draw()
  }

  stateName(code) {
    const word = this.legend.states.find((row) => row.code === code)
    return word ? either(word.zh, word.en) : code
  }

  typeName(code) {
    const type = this.types.find((row) => row.code === code)
    return type ? either(type.nameZh, type.nameEn) : t('noType')
  }

  draw() {
    byId('stages').replaceChildren(...Object.entries(STAGES).map(([stage, { colour }]) =>
      chip(t(stage), colour, this.stages.has(stage), (isOn) => toggle(this.stages, stage, isOn))))
    byId('layers').replaceChildren(...this.legend.layers.map((layer) =>
      chip(either(layer.zh, layer.en), '#0f8f9c', this.layers.has(layer.code), (isOn) => toggle(this.layers, layer.code, isOn))))
    const chosen = byId('type').value
    byId('type').replaceChildren(element('option', { value: '', textContent: t('allTypes') }), ...this.groups())
    byId('type').value = chosen
    byId('legend-list').replaceChildren(
      ...Object.entries(STAGES).map(([stage, { colour }]) => element('li', { colour, textContent: t(stage) })),
      element('li', { colour: LATE, className: 'ring', textContent: t('late') }),
    )
  }

  groups() {
    const majors = new Map()
    for (const type of this.types) {
      if (!majors.has(type.majorCode)) majors.set(type.majorCode, [])
      majors.get(type.majorCode).push(type)
    }
    return [...majors.values()].map((types) => element('optgroup', { label: either(types[0].majorZh, types[0].majorEn) },
      ...types.map((type) => element('option', { value: type.code, textContent: either(type.nameZh, type.nameEn) }))))
  }

  reset() {
    this.stages = new Set(Object.keys(STAGES))
    this.layers = new Set()
    for (const name of ['late', 'since']) document.querySelector(`[name=${name}][value=""]`).checked = true
    for (const id of ['show-heat', 'show-components']) byId(id).checked = false
    byId('type').value = ''
    this.draw()
    this.changed()
  }

  get heat() {
    return byId('show-heat').checked
  }

  // What the map asks for; whole hours, so that the same picture has the same address for a while.
  query() {
    const asked = new URLSearchParams()
    const subjects = ['CASES', ...(byId('show-components').checked ? ['COMPONENTS'] : []), ...(this.layers.size ? ['POINTS'] : [])]
    if (subjects.length > 1) asked.set('subjects', subjects.join())
    if (this.layers.size) asked.set('layers', [...this.layers].join())
    const known = Object.entries(STAGES).filter(([stage]) => this.stages.has(stage)).flatMap(([, { states }]) => states)
    if (this.stages.size < Object.keys(STAGES).length && known.length) asked.set('states', known.join())
    if (!this.stages.size) asked.set('states', 'CLOSED')
    const late = document.querySelector('[name=late]:checked').value
    if (late) asked.set('late', late)
    const days = Number(document.querySelector('[name=since]:checked').value)
    if (days) asked.set('from', new Date(Math.floor((Date.now() - days * 24 * HOUR_MS) / HOUR_MS) * HOUR_MS).toISOString())
    if (byId('type').value) asked.set('types', byId('type').value)
    return asked.toString()
  }
}

const toggle = (set, one, isOn) => (isOn ? set.add(one) : set.delete(one))

function chip(words, colour, isOn, set) {
  const box = element('input', { type: 'checkbox', checked: isOn })
  box.addEventListener('change', () => set(box.checked))
  return element('label', { className: 'chip', colour }, box, element('span', { textContent: words }))
}

export class Details {
  constructor(filters, closed) {
    this.filters = filters
    this.closed = closed
    this.shown = null
  }

  async show(facts) {
    this.shown = facts
    if (!facts) return this.close()
    if (facts.of !== 'cases') return this.fill(either(facts.name_zh, facts.name_en) || this.filters.typeName(facts.type_code), [
      row(t('number'), facts.id), row(t('state'), facts.state ?? ''),
    ])
    const found = await session.ask('MapCase', { id: facts.id }).catch(() => null)
    if (this.shown !== facts) return
    if (!found) return this.close()
    this.fill(found.type ? either(found.type.nameZh, found.type.nameEn) : t('noType'), this.rowsOf(found))
    this.photo(found)
  }

  rowsOf(found) {
    return [
      element('p', { className: 'states' },
        element('b', { className: 'badge', colour: colourOf(found.state), textContent: found.stateName }),
        found.late ? element('b', { className: 'badge', colour: LATE, textContent: t('late') }) : null,
        found.emergency ? element('b', { className: 'badge', colour: LATE, textContent: `${t('emergency')} · ${found.emergency.name}` }) : null),
      element('p', { className: 'said', textContent: found.description }),
      element('div', { id: 'details-photo' }),
      row(t('number'), found.number ?? t('none')),
      row(t('at'), instant(found.reportedAt)),
      row(t('deadline'), instant(found.deadlineAt), found.late),
      row(t('place'), found.place.address || found.place.gridCode),
      row(t('department'), found.department ? either(found.department.nameZh, found.department.nameEn) : t('none')),
      row(t('holder'), found.holderName ?? t('none')),
      element('h3', { textContent: t('history') }),
      element('ol', { className: 'steps' }, ...found.history.slice(-8).reverse().map((step) => element('li', {},
        element('time', { textContent: instant(step.at) }), element('span', { textContent: step.actionName }),
        element('small', { textContent: step.roleName ?? '' })))),
    ]
  }

  async photo(found) {
    const first = found.photos.find((photo) => photo.state === 'READY')
    if (!first) return
    const answer = await session.read(`media/${first.mediaId}?size=small`).catch(() => null)
    const place = byId('details-photo')
    if (!answer || !place) return
    const url = URL.createObjectURL(await answer.blob())
    const picture = element('img', { alt: t('photo'), src: url })
    picture.addEventListener('load', () => URL.revokeObjectURL(url))
    place.replaceChildren(picture)
  }

  fill(title, inside) {
    byId('details-title').textContent = title
    byId('details-body').replaceChildren(...inside.filter(Boolean))
    byId('details').hidden = false
  }

  again(ids) {
    if (this.shown && ids.has(this.shown.id)) this.show({ ...this.shown })
  }

  close() {
    this.shown = null
    byId('details').hidden = true
    this.closed()
  }
}

const row = (name, value, isLate = false) => element('p', { className: isLate ? 'row is-late' : 'row' },
  element('span', { textContent: name }), element('span', { textContent: value }))

export function newsRow(words, state, isOver) {
  return element('li', { colour: isOver ? STAGES.checking.colour : STAGES[stageOf(state)].colour, textContent: words })
}
