// The words of the page, Chinese first.
const WORDS = {
  zh: {
    brand: '一网', title: '一张图', signOut: '退出', filters: '筛选', reset: '重置', stage: '阶段', lateness: '时限',
    all: '全部', late: '已超时', inTime: '未超时', reported: '上报时间', day: '24 小时', week: '7 天', month: '30 天',
    type: '类别', layers: '图层', heat: '热力图', components: '部件', details: '案件详情', close: '关闭', legend: '图例',
    news: '最新动态', signInTitle: '登录一张图', signInHint: '使用工作手机号和密码登录。', phone: '手机号', password: '密码',
    signIn: '登录', allTypes: '全部类别', live: '实时', reconnecting: '正在重新连接…', off: '未登录',
    inView: (cases) => `视野内 ${cases} 件案件`, cluster: '多件案件', signedOut: '登录已结束，请重新登录。',
    unreachable: '暂时连不上服务，请稍后再试。', number: '案件编号', state: '状态', deadline: '处置时限',
    at: '上报于', place: '位置', department: '处置部门', holder: '当前处理人', history: '办理过程', none: '—',
    left: '已离开当前案件范围', changed: '有更新', arrived: '新上报', emergency: '应急', noType: '待分类',
    waiting: '待受理', working: '处置中', checking: '核查结案', deciding: '挂账裁定', ended: '已办结', other: 'English', photo: '案件照片',
    module: '专项', allModules: '全部专项', nothing: '这里没有符合条件的案件', code: '编码', owner: '权属单位', keeper: '养护单位',
    authority: '主管部门', unknownOwner: '权属不明', pastCases: '相关案件', checkedAt: '最近核查', invented: '演示数据，非普查数据',
    hours: '开放时间', always: '全天', open: '开放中', shut: '未开放', address: '地址', telephone: '电话', stream: '视频地址', until: '关闭于', changes: '变更记录', opensAt: '下次开放',
    staffOnly: '一张图供工作人员使用；市民请使用小程序查看身边的事。', keyboard: '方向键移动，加减键缩放，N 键选下一个标记，回车键打开',
    aCluster: (count) => `${count} 件，放大查看`, notFound: '没有查到这条记录，可能已经变动。', loadAgain: '地图暂时没有加载完整',
  },
  en: {
    brand: 'Yiwang', title: 'One map', signOut: 'Sign out', filters: 'Filters', reset: 'Reset', stage: 'Stage',
    lateness: 'Time limit', all: 'All', late: 'Overdue', inTime: 'In time', reported: 'Reported', day: '24 h',
    week: '7 days', month: '30 days', type: 'Type', layers: 'Layers', heat: 'Heat map', components: 'Components',
    details: 'Case', close: 'Close', legend: 'Legend', news: 'Latest', signInTitle: 'Sign in to the map',
    signInHint: 'With the phone number and the password of your work.', phone: 'Phone number', password: 'Password',
    signIn: 'Sign in', allTypes: 'All types', live: 'Live', reconnecting: 'Reconnecting…', off: 'Not signed in',
    inView: (cases) => `${cases} ${cases === 1 ? 'case' : 'cases'} in view`, cluster: 'Several cases',
    signedOut: 'Your sign-in has ended; please sign in again.', unreachable: 'The service cannot be reached; try again soon.',
    number: 'Number', state: 'State', deadline: 'Deadline', at: 'Reported', place: 'Place', department: 'Department',
    holder: 'With', history: 'What was done', none: '–', left: 'is open no more', changed: 'changed', arrived: 'reported',
    emergency: 'Emergency', noType: 'Not classified yet', waiting: 'Taken in', working: 'Being handled',
    checking: 'Check and close', deciding: 'Suspended, decision', ended: 'Ended', other: '中文', photo: 'Photo of the case',
    module: 'Module', allModules: 'All modules', nothing: 'No case here is like that', code: 'Code', owner: 'Owner',
    keeper: 'Keeper', authority: 'In charge', unknownOwner: 'Owner unknown', pastCases: 'Its cases', checkedAt: 'Last checked',
    invented: 'Made up for the demo, not surveyed', hours: 'Hours', always: 'Round the clock', open: 'Open now', shut: 'Closed now',
    address: 'Address', telephone: 'Telephone', stream: 'Stream', until: 'Until', changes: 'What was changed', opensAt: 'Opens',
    staffOnly: 'The map is for the city\'s staff; citizens see what is around them in the mini-program.',
    keyboard: 'Arrow keys move, plus and minus zoom, N goes to the next mark, Enter opens it',
    aCluster: (count) => `${count} things: zoom in`, notFound: 'There is no such record any more.', loadAgain: 'Some of the map could not be loaded',
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
