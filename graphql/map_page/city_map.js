// The map itself: borders as the base, tiles of cases, components and points over them.
import { bordersLayer, makeRoom } from './borders.js'
import { heatLayer } from './heat.js'
import { keepInside, markStyle } from './marks.js'
import * as session from './session.js'
import { colourOf } from './stages.js'

const CITY = ol.proj.fromLonLat([118.05, 36.81])
const REDRAW_AFTER_MS = 250
const REDRAW_EVERY_MS = 1_000
const MOST_LOADED = 1_500
const PULSE_MS = 2_600
const style = ol.style

// A mark of a point says of which layer of the city it is, in `layer`; of which one of the tile, stands in `of`.
const FORMAT_OPTIONS = { idProperty: 'id', layerName: 'of' }

export class CityMap {
  // told: { inView({cases, clusters, singles}), chosen(feature facts) }
  constructor(target, told) {
    this.told = told
    this.query = ''
    this.revision = 0
    this.loaded = new Map()
    this.streets = bordersLayer('street')
    this.communities = bordersLayer('community')
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
      tileUrlFunction: ([z, x, y]) => this.query === null ? undefined : `map/tiles/${z}/${x}/${y}.mvt${this.query}#${this.revision}`,
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
    clearTimeout(this.soon)
    this.soon = null
    this.query = ''
    this.loaded.clear()
    this.tiles.setVisible(false)
    this.heat.show([])
  }

  filter(query) {
    this.query = query === null ? null : `?${query}`
    this.redraw()
  }

  // Once a second at most, and never put off for longer however much happens.
  redrawSoon() {
    const wait = Math.max(REDRAW_AFTER_MS, (this.redrawnAt ?? 0) + REDRAW_EVERY_MS - performance.now())
    this.soon ??= setTimeout(() => this.redraw(), wait)
  }

  // New tiles take the place of the old ones when they are there, so that nothing flickers.
  redraw() {
    clearTimeout(this.soon)
    this.soon = null
    this.redrawnAt = performance.now()
    this.hasFailed = false
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
    if (!new URLSearchParams(this.query ?? '').has('states')) return this.heat.show([])
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
    return mark ? this.choose(mark, mark.getProperties()) : this.told.chosen(null)
  }

  choose(mark, facts) {
    const centre = ol.extent.getCenter(mark.getGeometry().getExtent())
    if (facts.count === undefined) {
      this.ring(centre)
      return this.told.chosen({ ...facts, id: mark.getId(), at: ol.proj.toLonLat(centre) })
    }
    const view = this.map.getView()
    view.animate({ center: centre, zoom: Math.min(view.getMaxZoom(), view.getZoom() + 2), duration: 350 })
  }

  // With the keyboard: rings the next mark from left to right, and opens the one that is ringed.
  next() {
    const marks = this.inView().map(([mark, facts]) => ({ mark, facts, at: ol.extent.getCenter(mark.getGeometry().getExtent()) }))
    marks.sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])
    const [x, y] = this.held?.at ?? [-Infinity, 0]
    this.held = marks.find(({ at }) => at[0] > x || (at[0] === x && at[1] > y)) ?? marks[0]
    if (this.held) this.ring(this.held.at)
    return this.held?.facts
  }

  chooseHeld() {
    if (this.held) this.choose(this.held.mark, this.held.facts)
    if (this.held?.facts.count !== undefined) this.held = null
  }

  placeOf(id) {
    const mark = this.seen?.find((one) => one.getId() === id)
    if (!mark) return null
    return [...ol.proj.toLonLat(ol.extent.getCenter(mark.getGeometry().getExtent())), mark.getProperties().type_code]
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
    const bubbles = []
    let clustered = 0
    let clusters = 0
    for (const [feature, facts] of this.inView()) {
      bubbles.push([...ol.extent.getCenter(feature.getGeometry().getExtent()), facts.count ?? 0])
      if (facts.count !== undefined && facts.subject === 'CASES') {
        clustered += facts.count
        clusters += 1
      } else if (facts.of === 'cases') seen.set(facts.id, feature)
    }
    this.seen = [...seen.values()]
    this.told.inView({ cases: clustered + seen.size, clusters, singles: seen.size, marks: bubbles.length, failed: Number(Boolean(this.hasFailed)) })
    for (const layer of [this.streets, this.communities]) makeRoom(layer, this.map, bubbles)
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
      for (const mark of features) keepInside(mark, extent, tile.getTileCoord()[0])
      this.keep(tile.getTileCoord()[0], url, features)
      tile.setFeatures(features)
    } catch {
      this.hasFailed ||= this.revisionOf(url) === this.revision
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
