import type { Confirmation, LinkPurpose, Recipient } from '@posthorn/services'
import { escape, fillWords, page } from './document.ts'
import { wordsFor, type Words } from './words.ts'

export { CONTENT_POLICY } from './document.ts'

/** Where the buttons lead: to links that are signed for just that. */
export interface Actions {
  subscribe: string
  unsubscribe: string
  manage: string
  /** The same for the topic that the link is about. */
  choose: string
  leave: string
}

export interface Shown {
  purpose: Exclude<LinkPurpose, 'confirm'>
  recipient: Recipient
  actions: Actions
  /** The topics that were shown were chosen from just now. */
  isSaved?: boolean
}

/** Says how things stand, and offers the other way. */
export function consentPage(shown: Shown): string {
  const { recipient } = shown
  const { language, words } = wordsFor(recipient.language)
  const content = recipient.topic === undefined ? aboutAll(shown, words) : aboutTopic(shown, words)
  return page(language, content, recipient.projectName)
}

function aboutAll({ purpose, recipient, actions, isSaved }: Shown, words: Words): string {
  const wanted = recipient.subscribed ? 'unsubscribe' : 'subscribe'
  const isAsked = purpose === wanted
  const isOut = !recipient.subscribed
  const state = isOut ? words.unsubscribed : words.subscribed
  const question = isOut ? words.askSubscribe : words.askUnsubscribe
  const note = isOut && !isAsked ? `<p>${escape(words.exceptions)}</p>` : ''
  const topics = purpose === 'manage' && !isOut && recipient.topics.length > 0
  const label = topics ? words.unsubscribeAll : words[wanted]
  const saved = isSaved ? `<p role="status">${escape(words.saved)}</p>` : ''
  return [
    heading(isAsked ? question : state, recipient),
    note,
    saved,
    ...(topics ? [topicForm(recipient, actions, words)] : []),
    form(actions[wanted], label, !isAsked),
  ].join('')
}

function aboutTopic({ purpose, recipient, actions }: Shown, words: Words): string {
  const gets = recipient.subscribed && recipient.topic?.isChosen === true
  const isAsked = purpose === (gets ? 'unsubscribe' : 'subscribe')
  const state = gets ? words.chosen : words.left
  const question = gets ? words.askLeave : words.askChoose
  return [
    heading(isAsked ? question : state, recipient),
    gets ? form(actions.leave, words.leave, !isAsked) : form(actions.choose, words.choose, !isAsked),
    ...(recipient.subscribed ? [form(actions.unsubscribe, words.unsubscribeAll, true)] : []),
  ].join('')
}

function topicForm({ topics }: Recipient, actions: Actions, words: Words): string {
  const fields = topics.map(({ id, name, description, isChosen }) => {
    const about = description === null ? '' : `<small>${escape(description)}</small>`
    return `<label><input type="checkbox" name="topic" value="${id}"${isChosen ? ' checked' : ''}> <span>${escape(name)}${about}</span></label>
<input type="hidden" name="shown" value="${id}">`
  })
  return `<form method="post" action="${actions.manage}"><fieldset><legend>${escape(words.topics)}</legend>${fields.join('')}</fieldset>
<button>${escape(words.save)}</button></form>`
}

/** Asks for the word of a person, or says that it was given. */
export function confirmationPage(confirmation: Confirmation, action: string): string {
  const { language, words } = wordsFor(confirmation.language)
  const { state, topics, projectName } = confirmation
  if (state === 'over') return page(language, `<h1>${escape(words.over)}</h1>`, projectName)
  const list = topics.length === 0 ? '' : `<ul>${topics.map((topic) => `<li>${escape(topic)}</li>`).join('')}</ul>`
  const [title, button] =
    state === 'open' ? [words.askConfirm, form(action, words.confirm, false)] : [words.confirmed, '']
  return page(language, `${heading(title, confirmation)}${list}${button}`, projectName)
}

/** What a person reads beside the button, as the proof has it. */
export function confirmationText(confirmation: Confirmation): string {
  const { words } = wordsFor(confirmation.language)
  return [fillWords(words.askConfirm, namesOf(confirmation)), ...confirmation.topics].join('\n')
}

/** For links that were good once, for those that never were, and for when nobody knows. */
export function lonePage(which: 'gone' | 'notFound' | 'unavailable', tag: string): string {
  const { language, words } = wordsFor(tag)
  return page(language, `<h1>${escape(words[which])}</h1>`, 'Posthorn')
}

const heading = (text: string, of: Recipient | Confirmation) => `<h1>${escape(fillWords(text, namesOf(of)))}</h1>`

const namesOf = (of: Recipient | Confirmation) => ({
  address: maskAddress(of.email),
  project: of.projectName,
  topic: 'topic' in of ? (of.topic?.name ?? '') : '',
})

const form = (action: string, label: string, isQuiet: boolean) => `<form method="post" action="${action}">
<button${isQuiet ? ' class="quiet"' : ''}>${escape(label)}</button></form>`

/** Enough for whose it is to know it, and nothing for who found the link. */
export function maskAddress(email: string): string {
  const at = email.lastIndexOf('@')
  const [first = ''] = email.slice(0, at)
  return `${first}•••${email.slice(at)}`
}
