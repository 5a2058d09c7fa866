// Who is signed in. The tokens are in this page's memory only: loading it again means signing in again.
import { spoken } from './words.js'

const REFRESH_BEFORE_MS = 60_000
const CITY = new URL('../../', import.meta.url) // pages at other addresses sign in by this script too
let operations = null
let held = null
let refreshing = null
const ended = []

export const onEnded = (listener) => ended.push(listener)
export const isSignedIn = () => held !== null
export const me = () => held?.me ?? null
export const authorization = () => `Bearer ${held?.token ?? ''}`

export class Refused extends Error {
  constructor(problem) {
    super(problem.message)
    this.code = problem.code
  }
}

export async function operationId(name) {
  operations ??= fetch(new URL('map/page/operations.json', CITY)).then((answer) => answer.json())
    .then((manifest) => new Map(manifest.operations.map((row) => [row.name, row.id])))
  return (await operations).get(name)
}

export async function signIn(phone, password) {
  keep(await commanded('SignIn', { input: { phone, password, deviceId: deviceId() } }))
}

export async function signOut() {
  const leaving = ask('SignOut').catch(() => {})
  await leaving
  held = null
}

// Gives a token that lasts a while yet; one refresh at a time.
export async function fresh() {
  if (held && Date.parse(held.expiresAt) - Date.now() > REFRESH_BEFORE_MS) return
  await refresh()
}

export async function refresh() {
  if (!held) throw new Refused({ code: 'SIGN_IN_REQUIRED', message: '' })
  refreshing ??= renewed().finally(() => { refreshing = null })
  await refreshing
}

async function renewed() {
  const { refreshToken } = held
  if (!refreshToken) return end('SIGN_IN_REQUIRED')
  try {
    keep(await commanded('RefreshSignIn', { input: { refreshToken, deviceId: deviceId() } }))
  } catch (problem) {
    if (problem instanceof Refused && !['BUSY', 'UNEXPECTED'].includes(problem.code)) end(problem.code)
    throw problem
  }
}

export async function ask(name, variables = {}) {
  await fresh()
  let answer = await asked(name, variables)
  if (answer.errors?.[0]?.extensions?.code === 'SIGN_IN_REQUIRED') {
    await refresh()
    answer = await asked(name, variables)
  }
  if (answer.errors) {
    throw new Refused({ code: answer.errors[0].extensions?.code, message: answer.errors[0].message })
  }
  return Object.values(answer.data)[0]
}

// Reads an address of the map: the browser keeps what it has and only asks whether it changed.
export async function read(address, options = {}) {
  await fresh()
  const once = () => fetch(address, { ...options, headers: headers() })
  let answer = await once()
  if (answer.status === 401) {
    await refresh()
    answer = await once()
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}))
    throw new Refused({ code: problem.code ?? 'UNEXPECTED', message: problem.message?.[spoken()] ?? '' })
  }
  return answer
}

export function end(code) {
  if (!held) return
  held = null
  for (const listener of ended) listener(code)
}

const headers = () => ({ authorization: authorization(), 'accept-language': spoken(), 'x-yiwang-app': 'map' })

async function asked(name, variables) {
  const documentId = await operationId(name)
  const known = held ? headers() : { 'accept-language': spoken(), 'x-yiwang-app': 'map' }
  const answer = await fetch(new URL('graphql', CITY), {
    method: 'POST', headers: { ...known, 'content-type': 'application/json' },
    body: JSON.stringify({ documentId, variables }),
  })
  return answer.json()
}

async function commanded(name, variables) {
  const answer = await asked(name, variables)
  if (answer.errors) throw new Refused({ code: answer.errors[0].extensions?.code, message: answer.errors[0].message })
  const result = Object.values(answer.data)[0]
  if (result.__typename === 'Problem') throw new Refused(result)
  return result
}

const keep = (signedIn) => { held = signedIn }

// The name of this tab, no secret: without one a sign-in could not be refreshed.
function deviceId() {
  let id = sessionStorage.getItem('device')
  if (!id) {
    id = `map-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
    sessionStorage.setItem('device', id)
  }
  return id
}
