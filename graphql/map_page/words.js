// The words of the page, Chinese first.
const WORDS = {
  zh: {
    brand: '一网', title: '一张图', signOut: '退出', filters: '筛选', reset: '重置', stage: '阶段', lateness: '时限',
    all: '全部', late: '已超时', inTime: '未超时', reported: '上报时间', day: '24 小时', week: '7 天', month: '30 天',
    type: '类别', layers: '图层', heat: '热力图', components: '部件', details: '案件详情', close: '关闭', legend: '图例',
    news: '最新动态', signInTitle: '登录一张图', signInHint: '使用工作手机号和密码登录。', phone: '手机号', password: '密码',
    signIn: '登录', allTypes: '全部类别', live: '实时', reconnecting: '正在重新连接…', off: '未登录',
    inView: (cases) => `视野内 ${cases} 件案件`, cluster: '多件案件', ended: '登录已结束，请重新登录。',
    unreachable: '暂时连不上服务，请稍后再试。', number: '案件编号', state: '状态', deadline: '处置时限',
    at: '上报于', place: '位置', department: '处置部门', holder: '当前处理人', history: '办理过程', none: '—',
    left: '已离开当前案件范围', changed: '有更新', arrived: '新上报', emergency: '应急', noType: '待分类',
    waiting: '待受理', working: '处置中', checking: '核查结案', deciding: '挂账裁定', other: 'English', photo: '案件照片',
    component: '部件', point: '点位', truncated: '此处内容较多，放大可查看全部',
  },
  en: {
    brand: 'Yiwang', title: 'One map', signOut: 'Sign out', filters: 'Filters', reset: 'Reset', stage: 'Stage',
    lateness: 'Time limit', all: 'All', late: 'Overdue', inTime: 'In time', reported: 'Reported', day: '24 h',
    week: '7 days', month: '30 days', type: 'Type', layers: 'Layers', heat: 'Heat map', components: 'Components',
    details: 'Case', close: 'Close', legend: 'Legend', news: 'Latest', signInTitle: 'Sign in to the map',
    signInHint: 'With the phone number and the password of your work.', phone: 'Phone number', password: 'Password',
    signIn: 'Sign in', allTypes: 'All types', live: 'Live', reconnecting: 'Reconnecting…', off: 'Not signed in',
    inView: (cases) => `${cases} ${cases === 1 ? 'case' : 'cases'} in view`, cluster: 'Several cases',
    ended: 'Your sign-in has ended; please sign in again.', unreachable: 'The service cannot be reached; try again soon.',
    number: 'Number', state: 'State', deadline: 'Deadline', at: 'Reported', place: 'Place', department: 'Department',
    holder: 'With', history: 'What was done', none: '–', left: 'is open no more', changed: 'changed', arrived: 'reported',
    emergency: 'Emergency', noType: 'Not classified yet', waiting: 'Taken in', working: 'Being handled',
    checking: 'Check and close', deciding: 'Suspended, decision', other: '中文', photo: 'Photo of the case',
    component: 'Component', point: 'Point', truncated: 'There is more here: zoom in',
  },
}

let language = (navigator.languages?.[0] ?? 'zh').toLowerCase().startsWith('en') && location.hash === '#en' ? 'en' : 'zh'
const listeners = []

export const spoken = () => language
export const t = (key, ...given) => {
  const word = WORDS[language][key]
  return typeof word === 'function' ? word(...given) : word
}
export const either = (zh, en) => (language === 'en' && en ? en : zh)
export const onLanguage = (listener) => listeners.push(listener)

export function speak(next) {
  language = next
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t)
  for (const node of document.querySelectorAll('[data-t-label]')) node.setAttribute('aria-label', t(node.dataset.tLabel))
  document.title = `${t('brand')} · ${t('title')}`
  for (const listener of listeners) listener()
}

export const instant = (text) => {
  if (!text) return t('none')
  const at = new Date(text)
  return at.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB',
    { timeZone: 'Asia/Shanghai', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false })
}
