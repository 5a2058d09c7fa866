// The panels beside the map: what it is narrowed down to, and what happened last. No markup is made of texts.
import * as session from './session.js'
import { LATE, OPEN_STAGES, POINT, STAGES, stageOf } from './stages.js'
import { either, t } from './words.js'

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
    this.legend = { states: [], endedStates: [], modules: [], layers: [] }
    this.types = []
    this.stages = new Set(OPEN_STAGES)
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
    return wordOf([...this.legend.states, ...this.legend.endedStates], code)
  }

  layerName(code) {
    return wordOf(this.legend.layers, code)
  }

  typeName(code) {
    const type = this.types.find((row) => row.code === code)
    return type ? either(type.nameZh, type.nameEn) : t('noType')
  }

  draw() {
    byId('stages').replaceChildren(...Object.entries(STAGES).map(([stage, { colour }]) =>
      chip(t(stage), colour, this.stages.has(stage), (isOn) => toggle(this.stages, stage, isOn))))
    byId('layers').replaceChildren(...this.legend.layers.map((layer) =>
      chip(either(layer.zh, layer.en), POINT, this.layers.has(layer.code), (isOn) => toggle(this.layers, layer.code, isOn))))
    const chosen = byId('type').value
    byId('type').replaceChildren(element('option', { value: '', textContent: t('allTypes') }), ...this.groups())
    byId('type').value = chosen
    const module = byId('module').value
    byId('module').replaceChildren(element('option', { value: '', textContent: t('allModules') }),
      ...this.legend.modules.map((one) => element('option', { value: one.code, textContent: either(one.zh, one.en) })))
    byId('module').value = module
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
    this.stages = new Set(OPEN_STAGES)
    this.layers = new Set()
    for (const name of ['late', 'since']) document.querySelector(`[name=${name}][value=""]`).checked = true
    for (const id of ['show-heat', 'show-components']) byId(id).checked = false
    for (const id of ['type', 'module']) byId(id).value = ''
    this.draw()
    this.changed()
  }

  get heat() {
    return byId('show-heat').checked
  }

  // What the map asks for, null for nothing; whole hours, so that the same picture has the same address for a while.
  query() {
    const asked = new URLSearchParams()
    const subjects = [...(this.stages.size ? ['CASES'] : []), ...(byId('show-components').checked ? ['COMPONENTS'] : []), ...(this.layers.size ? ['POINTS'] : [])]
    if (!subjects.length) return null
    asked.set('subjects', subjects.join())
    if (this.layers.size) asked.set('layers', [...this.layers].join())
    if (this.stages.size) asked.set('states', [...this.stages].flatMap((stage) => STAGES[stage].states).join())
    const late = document.querySelector('[name=late]:checked').value
    if (late) asked.set('late', late)
    const days = Number(document.querySelector('[name=since]:checked').value)
    if (days) asked.set('from', new Date(Math.floor((Date.now() - days * 24 * HOUR_MS) / HOUR_MS) * HOUR_MS).toISOString())
    if (byId('type').value) asked.set('types', byId('type').value)
    if (byId('module').value) asked.set('module', byId('module').value)
    return asked.toString()
  }
}

const wordOf = (words, code) => {
  const word = words.find((one) => one.code === code)
  return word ? either(word.zh, word.en) : code
}

const toggle = (set, one, isOn) => (isOn ? set.add(one) : set.delete(one))

function chip(words, colour, isOn, set) {
  const box = element('input', { type: 'checkbox', checked: isOn })
  box.addEventListener('change', () => set(box.checked))
  return element('label', { className: 'chip', colour }, box, element('span', { textContent: words }))
}

export const row = (name, value, isLate = false) => element('p', { className: isLate ? 'row is-late' : 'row' },
  element('span', { textContent: name }), element('span', { textContent: value }))

export function newsRow(words, state, isOver) {
  return element('li', { colour: isOver ? STAGES.checking.colour : STAGES[stageOf(state)].colour, textContent: words })
}
