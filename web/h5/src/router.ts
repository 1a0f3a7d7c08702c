import { createRouter, createWebHistory, START_LOCATION, type RouteRecordRaw } from 'vue-router'
import { accountId, base } from './core/api'
import { mindMissingParts } from './core/missing'
import HomePage from './pages/HomePage.vue'

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: HomePage, meta: { tab: 'home' } },
  { path: '/messages', name: 'messages', component: () => import('./pages/MessagesPage.vue'), meta: { tab: 'messages', title: '消息' } },
  { path: '/me', name: 'me', component: () => import('./pages/MePage.vue'), meta: { tab: 'me', title: '我的' } },
  { path: '/compose', name: 'compose', component: () => import('./pages/ComposePage.vue'), meta: { title: '发帖' } },
  { path: '/posts/:id', name: 'post', component: () => import('./pages/PostPage.vue'), meta: { title: '帖子' } },
  { path: '/topics', name: 'topics', component: () => import('./pages/TopicsPage.vue'), meta: { title: '话题' } },
  { path: '/topics/:name', name: 'topic', component: () => import('./pages/TopicPage.vue'), meta: { title: '话题' } },
  { path: '/search', name: 'search', component: () => import('./pages/SearchPage.vue'), meta: { title: '搜索' } },
  { path: '/members/:id', name: 'member', component: () => import('./pages/MemberPage.vue'), meta: { title: '成员' } },
  { path: '/leaderboard', name: 'leaderboard', component: () => import('./pages/LeaderboardPage.vue'), meta: { title: '积分榜' } },
  { path: '/me/posts', name: 'my-posts', component: () => import('./pages/MyPostsPage.vue'), meta: { title: '我的帖子', member: true } },
  { path: '/me/replies', name: 'my-replies', component: () => import('./pages/MyRepliesPage.vue'), meta: { title: '我的回复', member: true } },
  { path: '/me/favourites', name: 'favourites', component: () => import('./pages/FavouritesPage.vue'), meta: { title: '我的收藏', member: true } },
  { path: '/me/follows', name: 'follows', component: () => import('./pages/FollowsPage.vue'), meta: { title: '我的关注', member: true } },
  { path: '/me/drafts', name: 'drafts', component: () => import('./pages/DraftsPage.vue'), meta: { title: '草稿箱', member: true } },
  { path: '/me/points', name: 'points', component: () => import('./pages/PointsPage.vue'), meta: { title: '我的积分', member: true } },
  { path: '/me/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue'), meta: { title: '设置' } },
  { path: '/moderation', name: 'moderation', component: () => import('./pages/ModerationPage.vue'), meta: { title: '管理', member: true } },
  { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./pages/NowherePage.vue'), meta: { title: '没有这个页面' } },
]

export const router = createRouter({
  history: createWebHistory(accountId ? base : '/h5/'),
  routes,
  scrollBehavior: (to, from, saved) => (to.path === from.path && !saved ? false : (saved ?? { top: 0 })),
})

// An address comes without a sheet: what stands behind its `#` is of an earlier visit, or WeChat's from signing in.
router.beforeEach((to, from) => (from === START_LOCATION && to.hash ? { path: to.path, query: to.query, replace: true } : true))
mindMissingParts(router)
