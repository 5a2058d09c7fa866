// A heat map on a plain canvas: where many cases are, without asking for a graphics card.
const RADIUS = 34
const PALETTE = (() => {
  const canvas = document.createElement('canvas')
  canvas.width = 256
  canvas.height = 1
  const context = canvas.getContext('2d')
  const ramp = context.createLinearGradient(0, 0, 256, 0)
  ramp.addColorStop(0, 'rgba(120,170,220,0)')
  ramp.addColorStop(0.25, 'rgba(95,160,214,.55)')
  ramp.addColorStop(0.5, 'rgba(120,196,150,.65)')
  ramp.addColorStop(0.75, 'rgba(244,190,90,.75)')
  ramp.addColorStop(1, 'rgba(214,69,69,.82)')
  context.fillStyle = ramp
  context.fillRect(0, 0, 256, 1)
  return context.getImageData(0, 0, 256, 1).data
})()

export function heatLayer() {
  let spots = []
  const source = new ol.source.ImageCanvas({ ratio: 1.2, canvasFunction: (extent, resolution, ratio, size) =>
    painted(spots, extent, resolution, ratio, size) })
  const layer = new ol.layer.Image({ source, visible: false })
  layer.show = (next) => {
    spots = next
    source.changed()
  }
  return layer
}

function painted(spots, extent, resolution, ratio, [width, height]) {
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width))
  canvas.height = Math.max(1, Math.round(height))
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const most = Math.max(1, ...spots.map(([, count]) => count))
  for (const [[east, north], count] of spots) {
    const x = (east - extent[0]) / resolution * ratio
    const y = (extent[3] - north) / resolution * ratio
    const radius = RADIUS * ratio
    const weight = 0.18 + 0.72 * Math.sqrt(count / most)
    const spot = context.createRadialGradient(x, y, 0, x, y, radius)
    spot.addColorStop(0, `rgba(0,0,0,${weight})`)
    spot.addColorStop(1, 'rgba(0,0,0,0)')
    context.fillStyle = spot
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius)
  }
  const image = context.getImageData(0, 0, canvas.width, canvas.height)
  const { data } = image
  for (let at = 0; at < data.length; at += 4) {
    const from = data[at + 3] * 4
    data[at] = PALETTE[from]
    data[at + 1] = PALETTE[from + 1]
    data[at + 2] = PALETTE[from + 2]
    data[at + 3] = PALETTE[from + 3]
  }
  context.putImageData(image, 0, 0)
  return canvas
}
