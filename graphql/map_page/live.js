// Hears that something changed on one's map (graphql-transport-ws), and then pulls what did.
import * as session from './session.js'
import { spoken } from './words.js'

const LONGEST_PAUSE_MS = 30_000
const NOT_READY_MS = 10_000
const NO_USE_TO_COME_BACK = new Set([4401, 4429])

export class Live {
  // told: { state(text), changes({cases, gone}), reset() }
  constructor(told) {
    this.told = told
    this.checkpoint = null
    this.pause = 0
    this.pulling = null
    this.again = false
    this.ended = true
  }

  async start() {
    this.ended = false
    this.checkpoint = null
    this.told.state('reconnecting')
    await this.pull()
    this.connect()
  }

  stop() {
    this.ended = true
    clearTimeout(this.timer)
    this.socket?.close(1000)
    this.socket = null
    this.told.state('off')
  }

  async connect() {
    if (this.ended) return
    try {
      await session.fresh()
    } catch {
      return this.later()
    }
    const documentId = await session.operationId('SyncHints')
    const address = new URL('graphql', document.baseURI)
    address.protocol = address.protocol.replace('http', 'ws')
    const socket = new WebSocket(address, 'graphql-transport-ws')
    this.socket = socket
    const say = (message) => socket.send(JSON.stringify(message))
    socket.onopen = () => say({
      type: 'connection_init', payload: { authorization: session.authorization(), app: 'map', language: spoken() },
    })
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data)
      if (message.type === 'ping') say({ type: 'pong' })
      if (message.type === 'connection_ack') {
        say({ id: '1', type: 'subscribe', payload: { documentId, variables: { scopes: ['MAP'] } } })
      }
      if (message.type === 'next') {
        this.pause = 0
        this.isHeard = true
        this.pull()
      }
      if (message.type === 'error' || message.type === 'complete') socket.close(1000)
    }
    socket.onclose = ({ code }) => this.closed(socket, code)
  }

  async closed(socket, code) {
    if (this.ended || socket !== this.socket) return
    this.isHeard = false
    this.told.state('reconnecting')
    if (NO_USE_TO_COME_BACK.has(code)) return session.end('SIGN_IN_ENDED')
    if (code === 4403) await session.refresh().catch(() => {})
    this.later()
  }

  later() {
    if (this.ended) return
    this.told.state('reconnecting')
    this.pause = Math.min(LONGEST_PAUSE_MS, Math.max(1000, this.pause * 2))
    this.timer = setTimeout(() => this.connect(), this.pause * (0.7 + Math.random() * 0.6))
  }

  // One pull at a time; a hint meanwhile means one more afterwards.
  pull() {
    this.again = true
    this.pulling ??= this.pullAll().finally(() => { this.pulling = null })
    return this.pulling
  }

  async pullAll() {
    while (this.again && !this.ended) {
      this.again = false
      try {
        await this.pullOnce()
        if (this.socket?.readyState === WebSocket.OPEN && this.isHeard) this.told.state('live')
      } catch (problem) {
        if (problem.code === 'CHECKPOINT_INVALID') this.checkpoint = null
        if (!this.ended) this.told.state('reconnecting')
        if (session.isSignedIn()) this.timer = setTimeout(() => this.pull(), NOT_READY_MS)
        return
      }
    }
  }

  async pullOnce() {
    const isFirst = this.checkpoint === null
    const query = isFirst ? '' : `?checkpoint=${encodeURIComponent(this.checkpoint)}`
    const pulled = await (await session.read(`map/changes${query}`)).json()
    this.checkpoint = pulled.checkpoint
    if (pulled.resetRequired) this.told.reset()
    else if (pulled.cases.length || pulled.gone.length) this.told.changes(pulled)
    if (pulled.hasMore) this.again = true
  }
}
