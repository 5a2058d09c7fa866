// The page: signs somebody in, opens the map, and keeps it as the city is.
import { CityMap } from './city_map.js'
import { Live } from './live.js'
import { Details } from './details.js'
import { Filters, newsRow } from './panel.js'
import * as session from './session.js'
import { either, onLanguage, speak, spoken, t } from './words.js'

const MOST_NEWS = 4
const NEWS_MS = 12_000
const LOOK_AGAIN_MS = 60_000
const byId = (id) => document.getElementById(id)

let counted = { cases: 0, clusters: 0, singles: 0, marks: 0, failed: 0 }
const known = new Map()

const map = new CityMap(byId('map'), {
  inView: (found) => {
    // What was said of a mark stands until the picture is another one.
    const isSame = Object.keys(found).every((name) => found[name] === counted[name])
    counted = found
    if (!isSame) tellInView()
    Object.assign(byId('map').dataset, found)
  },
  chosen: (facts) => details.show(facts),
})
byId('map').cityMap = map
const filters = new Filters(() => {
  map.showHeat(filters.heat)
  map.filter(filters.query())
})
const details = new Details(filters, () => map.ring(null))

const live = new Live({
  state: (state) => {
    document.body.dataset.live = state
    byId('live-text').textContent = t(state)
  },
  changes: ({ cases, gone }) => {
    const isQuiet = cases.length + gone.length > 20
    for (const row of cases) noteCase(row, isQuiet)
    for (const id of gone) noteGone(id, isQuiet)
    details.again(new Set([...cases.map(([id]) => id), ...gone]))
    map.redrawSoon()
  },
  reset: () => map.redrawSoon(),
})

function tellInView() {
  byId('in-view').textContent = counted.failed ? t('loadAgain') : counted.cases ? t('inView', counted.cases) : t('nothing')
}

function noteCase([id, lng, lat, type, state], isQuiet) {
  const isNew = !known.has(id) && state === 'REPORTED'
  known.set(id, [lng, lat, type])
  if (known.size > 5_000) known.delete(known.keys().next().value)
  if (isQuiet) return
  map.pulse(lng, lat, state, false)
  tell(`${isNew ? t('arrived') : filters.stateName(state)} · ${filters.typeName(type)}`, state, false)
}

function noteGone(id, isQuiet) {
  const was = known.get(id) ?? map.placeOf(id)
  known.delete(id)
  if (!was || isQuiet) return
  map.pulse(was[0], was[1], 'HANDLED', true)
  tell(`${filters.typeName(was[2])} · ${t('left')}`, 'HANDLED', true)
}

function tell(words, state, isOver) {
  const row = newsRow(words, state, isOver)
  byId('news').prepend(row)
  while (byId('news').children.length > MOST_NEWS) byId('news').lastChild.remove()
  setTimeout(() => row.remove(), NEWS_MS)
}

function tellMark(facts) {
  if (!facts) return
  const words = facts.count !== undefined ? t('aCluster', facts.count) : either(facts.name_zh, facts.name_en) || filters.typeName(facts.type_code)
  byId('in-view').textContent = words
}

async function open() {
  if (session.me()?.role === 'CITIZEN') {
    await session.signOut()
    return close(t('staffOnly'))
  }
  document.body.dataset.signed = 'yes'
  byId('sign-in').hidden = true
  showWho()
  await live.start() // the checkpoint comes before the picture, so that nothing is missed between them
  await filters.open()
  await map.open()
  map.filter(filters.query())
}

function close(words = '') {
  live.stop()
  details.close()
  map.clear()
  known.clear()
  document.body.dataset.signed = 'no'
  byId('news').replaceChildren()
  byId('sign-in').hidden = false
  byId('password').value = ''
  byId('sign-in-problem').textContent = words
}

function showWho() {
  const me = session.me()
  const department = me?.department && either(me.department.nameZh, me.department.nameEn)
  byId('who').textContent = me ? [me.name, department].filter(Boolean).join(' · ') : ''
}

byId('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault()
  const button = event.target.querySelector('button')
  byId('sign-in-problem').textContent = ''
  button.disabled = true
  try {
    await session.signIn(byId('phone').value.trim(), byId('password').value)
    byId('password').value = ''
    await open()
  } catch (problem) {
    byId('sign-in-problem').textContent = problem instanceof session.Refused && problem.message ? problem.message : t('unreachable')
  } finally {
    button.disabled = false
  }
})
byId('sign-out').addEventListener('click', async () => {
  live.stop()
  await session.signOut()
  close()
})
byId('language').addEventListener('click', () => speak(spoken() === 'zh' ? 'en' : 'zh'))
byId('open-filters').addEventListener('click', () => byId('filters').classList.toggle('open'))
for (const button of document.querySelectorAll('[data-close]')) {
  button.addEventListener('click', () => (button.dataset.close === 'details' ? details.close() : byId('filters').classList.remove('open')))
}
session.onEnded(() => close(t('signedOut')))
onLanguage(() => {
  byId('language').textContent = t('other')
  byId('live-text').textContent = t(document.body.dataset.live)
  tellInView()
  showWho()
  filters.draw()
  byId('news').replaceChildren()
  if (details.shown) details.show(details.shown)
  for (const layer of [map.streets, map.communities, map.tiles]) layer.changed()
})
// What passes its deadline does so without a word: whoever looks on sees it within a minute.
byId('map').addEventListener('keydown', ({ key }) => {
  if (key === 'n' || key === 'N') tellMark(map.next())
  if (key === 'Enter') map.chooseHeld()
})
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return
  if (!byId('details').hidden) details.close()
  else byId('filters').classList.remove('open')
})
setInterval(() => session.isSignedIn() && document.visibilityState === 'visible' && map.redraw(), LOOK_AGAIN_MS)
speak(spoken())
