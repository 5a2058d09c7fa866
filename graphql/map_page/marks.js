// How clusters, cases, components and points are drawn.
import { COMPONENT, LATE, POINT, colourOf, isLate } from './stages.js'
import { either } from './words.js'

export const FONTS = '"PingFang SC","Microsoft YaHei","Hiragino Sans GB","Noto Sans CJK SC","Noto Sans SC Variable",sans-serif'
const SUBJECT_COLOUR = { CASES: '#1f5fa8', COMPONENTS: '#7d6c45', POINTS: '#0b7883' }
const NAMES_BELOW_RESOLUTION = 1.2 // metres a pixel
const INNER = 0.24 // of a cell's side a cluster keeps away from its edge, so that neighbours do not cover each other
const style = ol.style

const kept = new Map()
export const once = (key, make) => {
  if (!kept.has(key)) {
    if (kept.size > 2_000) kept.clear()
    kept.set(key, make())
  }
  return kept.get(key)
}

const short = (count) => (count < 1_000 ? String(count) : count < 10_000 ? `${(count / 1_000).toFixed(1)}k` : `${Math.round(count / 1_000)}k`)
export const radiusOf = (count) => Math.min(27, 11 + 4.2 * Math.log10(count + 1) * 1.5)

// Marks are never left out for each other; the library finds only such ones under the pointer ('none').
function clusterStyle(subject, count) {
  const colour = SUBJECT_COLOUR[subject] ?? SUBJECT_COLOUR.CASES
  const radius = radiusOf(count)
  return [
    new style.Style({ image: new style.Circle({ declutterMode: 'none', radius: radius + 4, fill: new style.Fill({ color: `${colour}26` }) }) }),
    new style.Style({
      image: new style.Circle({ declutterMode: 'none', radius, fill: new style.Fill({ color: `${colour}e0` }), stroke: new style.Stroke({ color: '#fff', width: 1.6 }) }),
      text: new style.Text({ text: short(count), font: `600 ${count < 100 ? 13 : 12}px ${FONTS}`, fill: new style.Fill({ color: '#fff' }), offsetY: 1 }),
    }),
  ]
}

const caseStyle = (state, late) => [
  ...(late ? [new style.Style({ image: new style.Circle({ declutterMode: 'none', radius: 12, fill: new style.Fill({ color: `${LATE}2e` }), stroke: new style.Stroke({ color: LATE, width: 1.6 }) }) })] : []),
  new style.Style({ image: new style.Circle({ declutterMode: 'none', radius: 7.5, fill: new style.Fill({ color: colourOf(state) }), stroke: new style.Stroke({ color: '#fff', width: 2 }) }) }),
]

const dotStyle = (state) => new style.Style({
  image: new style.Circle({ declutterMode: 'none', radius: 3.5, fill: new style.Fill({ color: colourOf(state) }), stroke: new style.Stroke({ color: '#fff', width: 1 }) }) })

const componentStyle = (isFine) => new style.Style({ image: new style.RegularShape({
  declutterMode: 'none', points: 4, radius: 5.5, angle: Math.PI / 4, fill: new style.Fill({ color: isFine ? COMPONENT : LATE }), stroke: new style.Stroke({ color: '#fff', width: 1.2 }) }) })

const pointStyle = (name) => new style.Style({
  image: new style.RegularShape({ declutterMode: 'none', points: 4, radius: 8, fill: new style.Fill({ color: POINT }), stroke: new style.Stroke({ color: '#fff', width: 1.5 }) }),
  text: name ? new style.Text({ text: name, font: `12px ${FONTS}`, offsetY: 17, fill: new style.Fill({ color: '#0b626b' }), stroke: new style.Stroke({ color: '#fff', width: 3 }) }) : undefined,
})

// Over the heat map only the figure stands, or the bubbles would hide it.
const figureStyle = (count) => [
  new style.Style({ image: new style.Circle({ declutterMode: 'none', radius: 12, fill: new style.Fill({ color: '#ffffff01' }) }) }),
  new style.Style({ text: new style.Text({
    text: short(count), font: `600 12px ${FONTS}`, fill: new style.Fill({ color: '#22303f' }), stroke: new style.Stroke({ color: '#ffffffcc', width: 3 }) }) }),
]

export function markStyle(mark, resolution, isHeat) {
  const facts = mark.getProperties()
  if (facts.count !== undefined && isHeat) return once(`f${facts.count}`, () => figureStyle(facts.count))
  if (facts.count !== undefined) return once(`k${facts.subject}${facts.count}`, () => clusterStyle(facts.subject, facts.count))
  if (facts.of === 'cases') {
    const late = isLate(facts)
    if (isHeat) return once(`h${facts.state}`, () => dotStyle(facts.state))
    return once(`c${facts.state}${late}`, () => caseStyle(facts.state, late))
  }
  if (facts.of === 'components') return once(`p${facts.state === 'IN_USE'}`, () => componentStyle(facts.state === 'IN_USE'))
  const name = resolution < NAMES_BELOW_RESOLUTION ? either(facts.name_zh, facts.name_en) : ''
  return once(`l${name}`, () => pointStyle(name))
}

// A cluster stands where its things are, though not on the edge of its cell: the neighbour may stand there too.
export function keepInside(mark, extent, zoom) {
  const level = mark.get('level')
  if (mark.get('count') === undefined) return
  const side = (extent[2] - extent[0]) / 2 ** (level - zoom)
  const place = mark.getFlatCoordinates()
  for (const axis of [0, 1]) {
    const cells = (place[axis] - extent[axis]) / side
    const cell = Math.min(Math.floor(cells), 2 ** (level - zoom) - 1)
    place[axis] = extent[axis] + side * (cell + Math.min(1 - INNER, Math.max(INNER, cells - cell)))
  }
}
