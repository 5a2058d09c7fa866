// The map itself: borders as the base, tiles of cases, components and points over them.
import { heatLayer } from './heat.js'
import * as session from './session.js'
import { COMPONENT, LATE, POINT, colourOf, isLate } from './stages.js'
import { either } from './words.js'

const FONTS = '"PingFang SC","Microsoft YaHei","Hiragino Sans GB","Noto Sans CJK SC","Noto Sans SC Variable",sans-serif'
const COMMUNITIES_FROM_ZOOM = 13
const STREET_NAMES_FROM_ZOOM = 9
const SUBJECT_COLOUR = { CASES: '#1f5fa8', COMPONENTS: COMPONENT, POINTS: POINT }
const CITY = ol.proj.fromLonLat([118.05, 36.81])
const REDRAW_AFTER_MS = 250
const MOST_LOADED = 1_500
const PULSE_MS = 2_600
const style = ol.style

const kept = new Map()
const once = (key, make) => {
  if (!kept.has(key)) {
    if (kept.size > 2_000) kept.clear()
    kept.set(key, make())
  }
  return kept.get(key)
}

const short = (count) => (count < 1_000 ? String(count) : count < 10_000 ? `${(count / 1_000).toFixed(1)}k` : `${Math.round(count / 1_000)}k`)
const radiusOf = (count) => Math.min(27, 11 + 4.2 * Math.log10(count + 1) * 1.5)

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

function markStyle(mark, resolution, isHeat) {
  const facts = mark.getProperties()
  if (facts.count !== undefined && isHeat) return once(`f${facts.count}`, () => figureStyle(facts.count))
  if (facts.count !== undefined) return once(`k${facts.subject}${facts.count}`, () => clusterStyle(facts.subject, facts.count))
  if (facts.of === 'cases') {
    const late = isLate(facts)
    return once(`c${facts.state}${late}`, () => caseStyle(facts.state, late))
  }
  if (facts.of === 'components') return once(`p${facts.state === 'IN_USE'}`, () => componentStyle(facts.state === 'IN_USE'))
  const name = resolution < 3 ? either(facts.name_zh, facts.name_en) : ''
  return once(`l${name}`, () => pointStyle(name))
}

// A mark of a point says of which layer of the city it is, in `layer`; of which one of the tile, stands in `of`.
const FORMAT_OPTIONS = { idProperty: 'id', layerName: 'of' }

function bordersLayer(level, look) {
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({ source, declutter: true, style: look, updateWhileInteracting: true, ...(level === 'community' && { minZoom: COMMUNITIES_FROM_ZOOM }) })
  layer.load = async () => {
    const found = await (await session.read(`map/borders.geojson?level=${level}`)).json()
    const features = new ol.format.GeoJSON().readFeatures(found, { featureProjection: 'EPSG:3857' })
    source.clear()
    source.addFeatures(features)
    return source
  }
  return layer
}

function borderStyle(level) {
  const isStreet = level === 'street'
  const edge = new style.Style({
    fill: isStreet ? new style.Fill({ color: '#fbfcfd' }) : undefined,
    stroke: new style.Stroke(isStreet ? { color: '#a9b8c8', width: 1.5 } : { color: '#c9d3dd', width: 1, lineDash: [4, 4] }),
  })
  return (feature, resolution) => {
    const zoomed = Math.log2(156_543.034 / resolution)
    const name = either(feature.get('name_zh'), feature.get('name_en'))
    const isNamed = name && zoomed >= (isStreet ? STREET_NAMES_FROM_ZOOM : COMMUNITIES_FROM_ZOOM + 1)
    if (!isNamed || (isStreet && zoomed > 16)) return edge
    return [edge, once(`b${level}${name}${feature.get('code')}`, () => new style.Style({
      geometry: new ol.geom.Point(ol.proj.fromLonLat(feature.get('label'))),
      text: new style.Text({
        text: name, font: `${isStreet ? '600 14px' : '12px'} ${FONTS}`, padding: [3, 3, 3, 3],
        fill: new style.Fill({ color: isStreet ? '#5d7086' : '#8b9aab' }), stroke: new style.Stroke({ color: '#fbfcfd', width: 4 }),
      }),
    }))]
  }
}

export class CityMap {
  // told: { inView({cases, clusters, singles}), chosen(feature facts) }
  constructor(target, told) {
    this.told = told
    this.query = ''
    this.revision = 0
    this.loaded = new Map()
    this.streets = bordersLayer('street', borderStyle('street'))
    this.communities = bordersLayer('community', borderStyle('community'))
    this.heat = heatLayer()
    this.tiles = new ol.layer.VectorTile({ source: this.source(), style: (mark, resolution) => markStyle(mark, resolution, this.heat.getVisible()), renderBuffer: 64, zIndex: 5, useInterimTilesOnError: true })
    this.pulses = new ol.layer.Vector({ source: new ol.source.Vector(), zIndex: 9 })
    this.map = new ol.Map({
      target, controls: ol.control.defaults.defaults({ rotate: false, attribution: false }).extend([new ol.control.ScaleLine()]),
      interactions: ol.interaction.defaults.defaults({ altShiftDragRotate: false, pinchRotate: false }),
      layers: [this.streets, this.communities, this.heat, this.tiles, this.pulses],
      view: new ol.View({ center: CITY, zoom: 11, minZoom: 8, maxZoom: 20, constrainRotation: false }),
    })
    this.map.on('click', (event) => this.clicked(event.pixel))
    this.map.on('pointermove', (event) => {
      if (!event.dragging) target.style.cursor = this.markAt(event.pixel) ? 'pointer' : ''
    })
    this.map.on('moveend', () => this.drawHeat())
    this.map.on('rendercomplete', () => this.count())
    // Names drawn before their font came are drawn once more.
    document.fonts?.addEventListener('loadingdone', () => [this.streets, this.communities, this.tiles].forEach((layer) => layer.changed()))
  }

  source() {
    const format = new ol.format.MVT(FORMAT_OPTIONS)
    return new ol.source.VectorTile({
      format, tileGrid: ol.tilegrid.createXYZ({ minZoom: 3, maxZoom: 22, tileSize: 512 }), transition: 0,
      // What stands behind the # stays here: the browser asks for the same address whether it changed.
      tileUrlFunction: ([z, x, y]) => `map/tiles/${z}/${x}/${y}.mvt${this.query}#${this.revision}`,
      tileLoadFunction: (tile, url) => tile.setLoader((extent, _, projection) => this.load(tile, url, format, extent, projection)),
    })
  }

  async open() {
    const [source] = await Promise.all([this.streets.load(), this.communities.load()])
    const extent = source.getExtent()
    if (!ol.extent.isEmpty(extent)) this.map.getView().fit(extent, { padding: this.padding(), maxZoom: 15 })
    this.redraw()
  }

  padding() {
    return this.map.getSize()[0] > 900 ? [70, 60, 60, 330] : [60, 24, 90, 24]
  }

  clear() {
    this.ring(null)
    for (const layer of [this.streets, this.communities, this.pulses]) layer.getSource().clear()
    this.query = ''
    this.loaded.clear()
    this.tiles.setVisible(false)
    this.heat.show([])
  }

  filter(query) {
    this.query = query ? `?${query}` : ''
    this.redraw()
  }

  redrawSoon() {
    clearTimeout(this.soon)
    this.soon = setTimeout(() => this.redraw(), REDRAW_AFTER_MS)
  }

  // New tiles take the place of the old ones when they are there, so that nothing flickers.
  redraw() {
    this.revision += 1
    for (const [url, { revision }] of this.loaded) if (revision < this.revision - 1) this.loaded.delete(url)
    this.tiles.setVisible(true)
    const source = this.tiles.getSource()
    source.setTileUrlFunction(source.getTileUrlFunction(), `${this.query}#${this.revision}`)
    this.drawHeat()
  }

  showHeat(isShown) {
    this.heat.setVisible(isShown)
    this.tiles.changed()
    this.drawHeat()
  }

  async drawHeat() {
    if (!this.heat.getVisible() || !session.isSignedIn()) return
    const view = this.map.getView()
    const [west, south, east, north] = ol.proj.transformExtent(view.calculateExtent(this.map.getSize()), 'EPSG:3857', 'EPSG:4326')
    const zoom = Math.min(22, Math.max(3, Math.round(view.getZoom())))
    const asked = new URLSearchParams(this.query)
    asked.set('subjects', 'CASES')
    for (const [name, value] of Object.entries({ west, south, east, north, zoom })) asked.set(name, value)
    const mine = this.revision
    const found = await session.read(`map/view?${asked}`).then((answer) => answer.json()).catch(() => null)
    if (!found || mine !== this.revision) return
    this.heat.show([
      ...found.clusters.map(([, lng, lat, count]) => [ol.proj.fromLonLat([lng, lat]), count]),
      ...found.cases.map(([, lng, lat]) => [ol.proj.fromLonLat([lng, lat]), 1]),
    ])
  }

  markAt(pixel) {
    return this.map.forEachFeatureAtPixel(pixel, (feature) => feature, { layerFilter: (layer) => layer === this.tiles, hitTolerance: 5 })
  }

  clicked(pixel) {
    const mark = this.markAt(pixel)
    if (!mark) return this.told.chosen(null)
    const facts = mark.getProperties()
    if (facts.count === undefined) this.ring(ol.extent.getCenter(mark.getGeometry().getExtent()))
    if (facts.count === undefined) return this.told.chosen({ ...facts, id: mark.getId() })
    const view = this.map.getView()
    const centre = ol.extent.getCenter(mark.getGeometry().getExtent())
    view.animate({ center: centre, zoom: Math.min(view.getMaxZoom(), view.getZoom() + 2), duration: 350 })
  }

  // Rings what the details are about; nothing takes the ring away.
  ring(place) {
    const source = this.pulses.getSource()
    if (this.ringed) source.removeFeature(this.ringed)
    this.ringed = place ? new ol.Feature(new ol.geom.Point(place)) : null
    if (!place) return
    this.ringed.setStyle(new style.Style({ image: new style.Circle({ declutterMode: 'none', radius: 13, stroke: new style.Stroke({ color: '#22303f', width: 2 }) }) }))
    source.addFeature(this.ringed)
  }

  // Gives the marks in view with their facts: of the newest picture, at the zoom that is drawn.
  inView() {
    const view = this.map.getView()
    const extent = view.calculateExtent(this.map.getSize())
    const source = this.tiles.getSource()
    const zoom = source.getTileGrid().getZForResolution(view.getResolution(), source.zDirection)
    return [...this.loaded.values()]
      .filter((tile) => tile.zoom === zoom && tile.revision === this.revision)
      .flatMap((tile) => tile.features)
      .filter((feature) => ol.extent.intersects(extent, feature.getGeometry().getExtent()))
      .map((feature) => [feature, { ...feature.getProperties(), id: feature.getId() }])
  }

  count() {
    const seen = new Map()
    let clustered = 0
    let clusters = 0
    for (const [feature, facts] of this.inView()) {
      if (facts.count !== undefined && facts.subject === 'CASES') {
        clustered += facts.count
        clusters += 1
      } else if (facts.of === 'cases') seen.set(facts.id, feature)
    }
    this.seen = [...seen.values()]
    this.told.inView({ cases: clustered + seen.size, clusters, singles: seen.size })
  }

  // A ring that grows and fades where something just happened.
  pulse(lng, lat, state, isOver) {
    const spot = new ol.Feature(new ol.geom.Point(ol.proj.fromLonLat([lng, lat])))
    const colour = isOver ? '#21926b' : colourOf(state)
    const began = performance.now()
    this.pulses.getSource().addFeature(spot)
    const grow = () => {
      const part = (performance.now() - began) / PULSE_MS
      if (part >= 1) return this.pulses.getSource().removeFeature(spot)
      const fade = Math.round((1 - part) * 220).toString(16).padStart(2, '0')
      spot.setStyle(new style.Style({ image: new style.Circle({ declutterMode: 'none', radius: 8 + 26 * ((part * 2) % 1), stroke: new style.Stroke({ color: colour + fade, width: 3 }) }) }))
      requestAnimationFrame(grow)
    }
    grow()
  }

  async load(tile, url, format, extent, projection) {
    try {
      const answer = await session.read(url)
      const data = answer.status === 204 ? null : await answer.arrayBuffer()
      const features = data ? format.readFeatures(data, { extent, featureProjection: projection }) : []
      this.keep(tile.getTileCoord()[0], url, features)
      tile.setFeatures(features)
    } catch {
      tile.onError()
    }
  }

  // The library keeps tiles of other zooms and of earlier pictures too: what is counted is remembered here.
  keep(zoom, url, features) {
    this.loaded.set(url, { zoom, revision: this.revisionOf(url), features })
    if (this.loaded.size > MOST_LOADED) this.loaded.delete(this.loaded.keys().next().value)
  }

  revisionOf(url) {
    return Number(url.split('#')[1])
  }
}
