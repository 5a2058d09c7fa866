// Borders of streets and communities: the base map, with their names where no mark stands on them.
import { FONTS, once, radiusOf } from './marks.js'
import * as session from './session.js'
import { either } from './words.js'

const COMMUNITIES_FROM_ZOOM = 13
const STREET_NAMES_FROM_ZOOM = 9
const OTHER_PLACES = [0, -30, 30, -54, 54, -80, 80] // pixels below its own place at which a name may stand
const NAME_HALF_HEIGHT = 9
const style = ol.style

export function bordersLayer(level) {
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({ source, declutter: true, style: borderStyle(level), updateWhileInteracting: true, ...(level === 'community' && { minZoom: COMMUNITIES_FROM_ZOOM }) })
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
    return [edge, once(`b${level}${name}${feature.get('code')}${feature.aside ?? 0}`, () => new style.Style({
      geometry: new ol.geom.Point(ol.proj.fromLonLat(feature.get('label'))),
      text: new style.Text({
        text: name, offsetY: feature.aside ?? 0, font: `${isStreet ? '600 14px' : '12px'} ${FONTS}`, padding: [3, 3, 3, 3],
        fill: new style.Fill({ color: isStreet ? '#4d6076' : '#6b7b8d' }), stroke: new style.Stroke({ color: '#fbfcfd', width: 4 }),
      }),
    }))]
  }
}

// Moves the names in view up or down where bubbles would cover them, as far as they stay inside.
export function makeRoom(layer, map, bubbles) {
  const extent = map.getView().calculateExtent(map.getSize())
  const perPixel = map.getView().getResolution()
  let moved = false
  layer.getSource().forEachFeatureInExtent(extent, (feature) => {
    const name = either(feature.get('name_zh'), feature.get('name_en'))
    const [x, y] = ol.proj.fromLonLat(feature.get('label'))
    const half = (name ?? '').length * (/[a-z]/i.test(name) ? 3.8 : 7)
    const isFree = (aside) => feature.getGeometry().intersectsCoordinate([x, y - aside * perPixel]) && !bubbles.some(([east, north, count]) =>
      Math.abs(east - x) / perPixel < half + radiusOf(count) && Math.abs((y - north) / perPixel - aside) < NAME_HALF_HEIGHT + radiusOf(count))
    const aside = OTHER_PLACES.find(isFree) ?? 0
    if (aside !== (feature.aside ?? 0)) moved = true
    feature.aside = aside
  })
  if (moved) layer.changed()
}
