// Signs an administrator in, and has SAQ's own page read the queues as that person.
import * as session from '../../map/page/session.js'
import { spoken } from '../../map/page/words.js'

const byId = (id) => document.getElementById(id)
const root = '/wakes'
const plain = window.fetch.bind(window)

// SAQ's page knows addresses, but no sign-in.
window.root_path = root
window.fetch = async (address, options = {}) => {
  if (!String(address).startsWith(`${root}/api/`)) return plain(address, options)
  await session.fresh()
  const answer = await plain(address, {
    ...options,
    headers: { ...options.headers, authorization: session.authorization(), 'accept-language': spoken(), 'x-yiwang-app': 'map' },
  })
  if (answer.ok) return answer
  const problem = await answer.json().catch(() => ({}))
  if (answer.status === 401) session.end('SIGN_IN_REQUIRED')
  throw new Error(problem.message?.[spoken()] ?? `${answer.status}`)
}

if (window.location.pathname === root) window.history.replaceState(null, null, `${root}/`)
session.onEnded(() => window.location.reload())
byId('sign-out').addEventListener('click', async () => {
  await session.signOut()
  window.location.reload()
})
byId('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault()
  const button = event.target.querySelector('button')
  byId('problem').textContent = ''
  button.disabled = true
  try {
    await session.signIn(byId('phone').value.trim(), byId('password').value)
    byId('sign-in').hidden = true
    byId('sign-out').hidden = false
    for (const name of ['snabbdom.js', 'app.js']) await run(`${root}/page/${name}`)
  } catch (problem) {
    byId('problem').textContent = problem.message || '无法连接，请稍后再试。 Not reachable, please try again.'
  } finally {
    byId('password').value = ''
    button.disabled = false
  }
})

const run = (address) => new Promise((resolve, reject) => {
  const script = document.createElement('script')
  Object.assign(script, { src: address, onload: resolve, onerror: reject })
  document.head.append(script)
})
