// tus-js-client sends one photo over a link that keeps breaking; prints how it went.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const given = JSON.parse(process.env.GIVEN)
const photo = readFileSync(given.file)
let errors = 0
let requests = 0

await new Promise((resolve, reject) => {
  const upload = new Upload(photo, {
    endpoint: `${given.address}/uploads`,
    headers: { authorization: given.authorization },
    metadata: { mediaId: given.mediaId, filename: 'photo.jpg', sha256: createHash('sha256').update(photo).digest('hex') },
    retryDelays: Array(given.mostTries).fill(20),
    overridePatchMethod: Boolean(given.overridePatchMethod),
    uploadDataDuringCreation: Boolean(given.uploadDataDuringCreation),
    onBeforeRequest: () => { requests += 1 },
    onShouldRetry: () => { errors += 1; return true },
    onError: reject,
    onSuccess: resolve,
  })
  upload.start()
})
console.log(JSON.stringify({ sent: photo.length, errors, requests }))
