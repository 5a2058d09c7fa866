// What is known of a case, a component or a point that was chosen. No markup is made of texts.
import { element, row } from './panel.js'
import * as session from './session.js'
import { COMPONENT, LATE, POINT, colourOf } from './stages.js'
import { either, instant, t } from './words.js'

const WITHIN_M = 50
const byId = (id) => document.getElementById(id)
const named = (one) => (one ? either(one.nameZh, one.nameEn) : null)

export class Details {
  constructor(filters, closed) {
    this.filters = filters
    this.closed = closed
    this.shown = null
  }

  async show(facts) {
    if (!facts) return this.close()
    this.shown = facts
    const found = await this.found(facts).catch(() => null)
    if (this.shown !== facts) return
    if (!found) return this.fill(t('details'), [element('p', { className: 'said', textContent: t('notFound') })])
    if (facts.of === 'cases') {
      this.fill(named(found.type) ?? t('noType'), this.rowsOfCase(found))
      this.photo(found)
    } else if (facts.of === 'components') this.fill(either(found.component.nameZh, this.filters.typeName(found.component.typeCode)), this.rowsOfComponent(found))
    else this.fill(either(found.nameZh, found.nameEn), this.rowsOfPoint(found))
  }

  async found({ of, id, layer, at }) {
    if (of === 'cases') return session.ask('MapCase', { id })
    if (of === 'components') return session.ask('ComponentOnRecord', { code: id })
    const point = { lng: at[0], lat: at[1], datum: 'WGS84', accuracyM: 1 }
    const near = await session.ask('Nearby', { layer, point, withinM: WITHIN_M, first: 50 })
    return near.find((one) => one.id === id)
  }

  rowsOfCase(found) {
    return [
      element('p', { className: 'states' }, badge(found.stateName, colourOf(found.state)),
        found.late ? badge(t('late'), LATE) : null,
        found.emergency ? badge(`${t('emergency')} · ${found.emergency.name}`, LATE) : null),
      element('p', { className: 'said', textContent: found.description }),
      element('div', { id: 'details-photo' }),
      row(t('number'), found.number ?? t('none')),
      row(t('at'), instant(found.reportedAt)),
      row(t('deadline'), instant(found.deadlineAt), found.late),
      row(t('place'), found.place.address || found.place.gridCode),
      row(t('department'), named(found.department) ?? t('none')),
      row(t('holder'), found.holderName ?? t('none')),
      element('h3', { textContent: t('history') }),
      element('ol', { className: 'steps' }, ...found.history.slice(-8).reverse().map((step) =>
        stepRow(step.at, step.actionName, step.roleName ?? ''))),
    ]
  }

  rowsOfComponent({ component, pastCases, pastCaseCount, changes }) {
    const owner = named(component.ownerDepartment) ?? component.ownerNameZh
    return [
      element('p', { className: 'states' }, badge(component.stateName, component.state === 'IN_USE' ? COMPONENT : LATE),
        component.ownerIsKnown ? null : badge(t('unknownOwner'), LATE)),
      row(t('type'), this.filters.typeName(component.typeCode)),
      row(t('code'), component.code),
      row(t('owner'), component.ownerIsKnown ? owner || t('none') : t('unknownOwner'), !component.ownerIsKnown),
      row(t('keeper'), named(component.keeperDepartment) ?? t('none')),
      row(t('authority'), named(component.authorityDepartment) ?? t('none')),
      row(t('place'), component.gridCode),
      row(t('checkedAt'), instant(component.checkedAt)),
      component.note ? row(t('state'), component.note) : null,
      element('h3', { textContent: `${t('pastCases')} · ${pastCaseCount}` }),
      element('ol', { className: 'steps' }, ...pastCases.map((one) =>
        stepRow(one.reportedAt, this.filters.typeName(one.typeCode), this.filters.stateName(one.state)))),
      changes.length ? element('h3', { textContent: t('changes') }) : null,
      element('ol', { className: 'steps' }, ...changes.slice(-5).reverse().map((one) =>
        stepRow(one.at, one.kindName, one.personName ?? ''))),
      component.isInvented ? element('p', { className: 'small', textContent: t('invented') }) : null,
    ]
  }

  rowsOfPoint(point) {
    return [
      element('p', { className: 'states' }, badge(this.filters.layerName(point.layer), POINT),
        badge(point.isOpenNow ? t('open') : t('shut'), point.isOpenNow ? '#1c7d5c' : LATE)),
      row(t('state'), point.stateName),
      row(t('hours'), point.openingHours || t('always')),
      point.nextChangeAt ? row(point.isOpenNow ? t('until') : t('opensAt'), instant(point.nextChangeAt)) : null,
      row(t('address'), point.address || point.gridCode || t('none')),
      point.publicPhone ? row(t('telephone'), point.publicPhone) : null,
      point.streamAddress ? row(t('stream'), point.streamAddress) : null,
      ...point.attributes.map(({ name, value }) => row(name, value)),
      row(t('code'), point.code),
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
    const isNew = byId('details').hidden
    byId('details').hidden = false
    if (isNew) byId('details').querySelector('.close').focus({ preventScroll: true })
  }

  again(ids) {
    if (this.shown && ids.has(this.shown.id)) this.show({ ...this.shown })
  }

  close() {
    const held = byId('details').contains(document.activeElement)
    this.shown = null
    byId('details').hidden = true
    this.closed()
    if (held) byId('map').focus({ preventScroll: true })
  }
}

const badge = (words, colour) => element('b', { className: 'badge', colour, textContent: words })

const stepRow = (at, words, more) => element('li', {},
  element('time', { textContent: instant(at) }), element('span', { textContent: words }), element('small', { textContent: more }))
