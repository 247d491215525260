/* A workflow that decides in code: what it does follows from the word that it is told. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "falin_plugin.h"

/* Other versions are built from the same text. */
#ifndef NAME
#define NAME "decide"
#endif
#ifndef VERSION
#define VERSION "1.0.0"
#endif

static const falin_host *server;

static int32_t say(const falin_sink *answer, const char *text) {
  return answer->write(answer->ctx, (const uint8_t *)text, strlen(text));
}

static int has(const uint8_t *bytes, size_t len, const char *wanted) {
  size_t at, n = strlen(wanted);
  for (at = 0; at + n <= len; at++)
    if (memcmp(bytes + at, wanted, n) == 0) return 1;
  return 0;
}

static int32_t into_nothing(void *ctx, const uint8_t *bytes, size_t len) {
  (void)ctx, (void)bytes, (void)len;
  return FALIN_OK;
}

static int32_t ask(uint32_t op, const char *json) {
  falin_sink nothing = {sizeof nothing, 0, NULL, into_nothing};
  return server->call(server->ctx, op, (const uint8_t *)json, strlen(json), &nothing);
}

static void flood(void) {
  int n = 0, last = FALIN_OK;
  for (; n < 100 && last == FALIN_OK; n++)
    last = ask(FALIN_HOST_CASE_OPEN, "{\"flow\":\"task\",\"fields\":{\"what\":\"x\"}}");
}

static int32_t open_task(const char *what) {
  char json[200];
  snprintf(json, sizeof json, "{\"flow\":\"task\",\"fields\":{\"what\":\"%s\"}}", what);
  return ask(FALIN_HOST_CASE_OPEN, json);
}

/* What the server answers, as far as it fits. */
static char heard[4096];

static int32_t hear(void *ctx, const uint8_t *bytes, size_t len) {
  size_t *used = ctx;
  if (*used + len >= sizeof heard) return FALIN_TOO_LARGE;
  memcpy(heard + *used, bytes, len);
  *used += len;
  heard[*used] = 0;
  return FALIN_OK;
}

static int32_t listen(uint32_t op, const char *json) {
  size_t used = 0;
  falin_sink sink = {sizeof sink, 0, &used, hear};
  heard[0] = 0;
  return server->call(server->ctx, op, (const uint8_t *)json, strlen(json), &sink);
}

static int count(const uint8_t *bytes, size_t len, const char *wanted) {
  size_t at, n = strlen(wanted);
  int found = 0;
  for (at = 0; at + n <= len; at++) found += memcmp(bytes + at, wanted, n) == 0;
  return found;
}

static int32_t refuse(const falin_sink *answer) {
  say(answer, "{\"key\":\"not-so\",\"args\":{\"n\":4}}");
  return FALIN_REFUSED;
}

/* Breaks in the way that the word says; comes back if it says none. */
static void misbehave(const uint8_t *bytes, size_t len, const char *name) {
  char word[60];
  snprintf(word, sizeof word, "\"%s\":\"break\"", name);
  if (has(bytes, len, word)) abort();
  snprintf(word, sizeof word, "\"%s\":\"hang\"", name);
  if (has(bytes, len, word)) for (;;) server = server;
  snprintf(word, sizeof word, "\"%s\":\"flood\"", name);
  if (has(bytes, len, word)) for (;;) ask(FALIN_HOST_CLOCK, "{}");
}

static int32_t page(const uint8_t *bytes, size_t len, const falin_sink *answer) {
  char model[400];
  misbehave(bytes, len, "do");
  if (has(bytes, len, "\"do\":\"refuse\"")) return refuse(answer);
  open_task("nobody changes anything by looking");
  snprintf(model, sizeof model,
           "{\"model\":{\"open\":%d,\"rows\":[{\"word\":\"<b>bold</b>\",\"link\":\"https://elsewhere.example/\"},"
           "{\"word\":\"home\",\"link\":\"/desk\"}]}}",
           count(bytes, len, "\"state_code\":\"open\""));
  return say(answer, model);
}

/* What stands behind a word in the form's key, as far as the next quotation mark. */
static int told_with(const uint8_t *bytes, size_t len, const char *word, char *rest, size_t room) {
  size_t at, n = strlen(word), used = 0;
  for (at = 0; at + n <= len; at++) {
    if (memcmp(bytes + at, word, n) != 0) continue;
    for (at += n; at < len && bytes[at] != '"' && used + 1 < room; at++) rest[used++] = (char)bytes[at];
    rest[used] = 0;
    return 1;
  }
  return 0;
}

/* The second shape of a document says at which window it is; the third cannot be had. */
#ifdef SHAPE
static int32_t migrate(const uint8_t *bytes, size_t len, const falin_sink *answer) {
  char body[60];
  int n;
  if (ask(FALIN_HOST_CLOCK, "{}") != FALIN_NOT_NOW || SHAPE > 2) return FALIN_FAULT;
  if (!told_with(bytes, len, "\"n\":", heard, sizeof heard) || sscanf(heard, "%d", &n) != 1) return FALIN_FAULT;
  snprintf(body, sizeof body, "{\"body\":{\"n\":%d,\"window\":1}}", n + 100);
  return say(answer, body);
}
#endif

/* What else the server does for a library: a note in a consultation, a room, a paper. */
static int32_t errand(const uint8_t *bytes, size_t len) {
  char what[200], json[600], id[40], from[40], to[40];
  if (told_with(bytes, len, "\"key\":\"put ", what, sizeof what)) {
    snprintf(json, sizeof json, "{\"collection\":\"rota\",\"id\":\"%s\",\"version\":null,\"body\":{\"n\":5}}", what);
    return ask(FALIN_HOST_DOCUMENT_PUT, json);
  }
  if (told_with(bytes, len, "\"key\":\"note ", what, sizeof what)) {
    snprintf(json, sizeof json, "{\"id\":\"%s\",\"note\":\"noted by the library\"}", what);
    return ask(FALIN_HOST_CONSULTATION_ANNOTATE, json);
  }
  if (told_with(bytes, len, "\"key\":\"paper ", what, sizeof what)) {
    snprintf(json, sizeof json, "{\"paper\":\"conf-proof\",\"case\":\"%s\",\"values\":{\"dispute\":\"a wall\"}}", what);
    return ask(FALIN_HOST_DOCUMENT_ISSUE, json);
  }
  if (told_with(bytes, len, "\"key\":\"other ", what, sizeof what)) {
    snprintf(json, sizeof json, "{\"paper\":\"aid-grant\",\"case\":\"%s\",\"values\":{}}", what);
    return ask(FALIN_HOST_DOCUMENT_ISSUE, json);
  }
  if (told_with(bytes, len, "\"key\":\"book ", what, sizeof what) && sscanf(what, "%39s %39s %39s", id, from, to) == 3) {
    snprintf(json, sizeof json, "{\"room\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"case\":null}", id, from, to);
    return ask(FALIN_HOST_ROOM_BOOK, json);
  }
  return FALIN_UNKNOWN_OP;
}

static int32_t action(const uint8_t *bytes, size_t len, const falin_sink *answer) {
  misbehave(bytes, len, "key");
  if (has(bytes, len, "\"key\":\"refuse\"")) {
    say(answer, "{\"key\":\"not-so\",\"fields\":{\"key\":{\"key\":\"not-so\",\"args\":{\"n\":5}}}}");
    return FALIN_REFUSED;
  }
  if (has(bytes, len, "\"key\":\"torn\"")) {
    open_task("torn");
    ask(FALIN_HOST_CASE_OPEN, "{\"flow\":\"moon\",\"fields\":{}}");
    return say(answer, "{}");
  }
  if (has(bytes, len, "\"key\":\"many\"")) {
    flood();
    return say(answer, "{}");
  }
  if (has(bytes, len, "\"key\":\"look\"")) {
    char what[60];
    int n;
    if (ask(FALIN_HOST_CORE_FIND, "{\"noun\":\"mediation\",\"by\":{}}") != FALIN_NOT_GRANTED) return FALIN_FAULT;
    listen(FALIN_HOST_CORE_FIND, "{\"noun\":\"matter\",\"by\":{\"word\":\"start\"}}");
    n = count((const uint8_t *)heard, strlen(heard), "\"state\":\"open\"");
    snprintf(what, sizeof what, "saw %d", n);
    open_task(what);
    return say(answer, "{}");
  }
  if (has(bytes, len, "\"key\":\"keep\"")) {
    int32_t done = ask(FALIN_HOST_DOCUMENT_PUT, "{\"collection\":\"rota\",\"id\":\"1\",\"version\":null,\"body\":{\"n\":-1}}");
    if (done == FALIN_REFUSED)
      done = ask(FALIN_HOST_DOCUMENT_PUT, "{\"collection\":\"rota\",\"id\":\"1\",\"version\":1,\"body\":{\"n\":7}}");
    if (done != FALIN_OK || ask(FALIN_HOST_DOCUMENT_GET, "{\"collection\":\"other\",\"id\":\"1\"}") != FALIN_NOT_GRANTED)
      return FALIN_FAULT;
    listen(FALIN_HOST_DOCUMENT_FIND, "{\"collection\":\"rota\",\"find\":{\"index\":\"n\",\"from\":0}}");
    open_task(count((const uint8_t *)heard, strlen(heard), "\"version\":2") == 1 ? "kept twice" : "kept once");
    return say(answer, "{}");
  }
  if (has(bytes, len, "\"key\":\"misspelt\"")) {
    if (ask(FALIN_HOST_NOTICE_SEND, "{\"to\":\"role:nobody\",\"text\":{\"key\":\"look\"}}") != FALIN_BAD_INPUT) return FALIN_FAULT;
    if (ask(FALIN_HOST_NOTICE_SEND, "{\"to\":\"role:clerk\",\"text\":{\"key\":\"lok\"}}") != FALIN_BAD_INPUT) return FALIN_FAULT;
    return say(answer, "{}");
  }
  /* It hands on that a document is not as it thought. */
  if (has(bytes, len, "\"key\":\"stale\"")) {
    listen(FALIN_HOST_DOCUMENT_PUT, "{\"collection\":\"rota\",\"id\":\"9\",\"version\":4,\"body\":{\"n\":1}}");
    say(answer, heard);
    return FALIN_REFUSED;
  }
  if (has(bytes, len, "\"key\":\"slow\"")) {
    struct timespec while_others_work = {0, 200000000};
    nanosleep(&while_others_work, NULL);
  }
  switch (errand(bytes, len)) {
    case FALIN_UNKNOWN_OP: break;
    case FALIN_OK: return say(answer, "{}");
    default: return FALIN_FAULT;
  }
  open_task("pressed");
  ask(FALIN_HOST_AUDIT_WRITE, "{\"text\":{\"key\":\"look\"}}");
  return say(answer, "{\"go\":\"board\",\"said\":{\"key\":\"look\"}}");
}

static int32_t event(const uint8_t *bytes, size_t len, const falin_sink *answer) {
  if (has(bytes, len, "\"word\":\"e-break\"")) abort();
  if (has(bytes, len, "\"word\":\"e-hang\"")) for (;;) server = server;
  if (has(bytes, len, "\"word\":\"e-slow\"")) {
    struct timespec while_others_wait = {3, 0};
    nanosleep(&while_others_wait, NULL);
  }
  if (has(bytes, len, "\"word\":\"e-refuse\"")) return refuse(answer);
  if (has(bytes, len, "\"word\":\"e-torn\"")) {
    open_task("torn");
    ask(FALIN_HOST_CASE_OPEN, "{\"flow\":\"task\",\"fields\":{\"none\":1}}");
  }
  if (has(bytes, len, "\"word\":\"e-many\"")) flood();
  if (has(bytes, len, "\"word\":\"e-open\"")) {
    if (!has(bytes, len, "\"code\":\"matter/decide\"") || has(bytes, len, "\"note\"")) return FALIN_FAULT;
    open_task("told");
    ask(FALIN_HOST_NOTICE_SEND, "{\"to\":\"role:county_admin\",\"text\":{\"key\":\"look\"}}");
  }
  return say(answer, "{}");
}

static int32_t job(const uint8_t *bytes, size_t len, const falin_sink *answer) {
  if (has(bytes, len, "\"word\":\"j-break\"")) abort();
  if (has(bytes, len, "\"word\":\"j-hang\"")) for (;;) server = server;
  if (has(bytes, len, "\"word\":\"j-refuse\"")) return refuse(answer);
  if (has(bytes, len, "\"word\":\"j-endless\"")) return say(answer, "{\"cursor\":1}");
  if (has(bytes, len, "\"word\":\"j-parts\"")) {
    int last = has(bytes, len, "\"cursor\":2");
    open_task(last ? "last part" : "part");
    if (has(bytes, len, "\"cursor\":null")) return say(answer, "{\"cursor\":1}");
    return say(answer, last ? "{\"cursor\":null}" : "{\"cursor\":2}");
  }
  return say(answer, "{\"cursor\":null}");
}

/* What it does is a setting of the county. */
static int32_t stats(const uint8_t *bytes, size_t len, const falin_sink *answer) {
  char rows[200];
  if (listen(FALIN_HOST_SETTING_GET, "{\"name\":\"mood\"}") != FALIN_OK) return FALIN_FAULT;
  if (strcmp(heard, "\"break\"") == 0) abort();
  if (strcmp(heard, "\"hang\"") == 0) for (;;) server = server;
  if (strcmp(heard, "\"flood\"") == 0) for (;;) ask(FALIN_HOST_CLOCK, "{}");
  if (strcmp(heard, "\"refuse\"") == 0) return refuse(answer);
  if (strcmp(heard, "\"strange\"") == 0) return say(answer, "{\"rows\":[{\"label\":\"Zhang San\",\"value\":9}]}");
  snprintf(rows, sizeof rows,
           "{\"rows\":[{\"label\":\"row-a\",\"value\":%d},{\"label\":\"row-b\",\"value\":2}],\"value\":733}",
           731 * has(bytes, len, "\"figure\":\"words\""));
  return say(answer, rows);
}

static int32_t guard(const uint8_t *bytes, size_t len, const falin_sink *answer) {
#ifdef DIES
  if (has(bytes, len, "\"step\":\"decide\"")) abort();
#endif
  if (has(bytes, len, "\"word\":\"refuse\"")) {
    say(answer, "{\"key\":\"not-so\",\"fields\":{\"word\":{\"key\":\"not-so\",\"args\":{\"n\":3}}}}");
    return FALIN_REFUSED;
  }
  if (has(bytes, len, "\"word\":\"fill\"")) return say(answer, "{\"set\":{\"note\":\"written by the library\"}}");
  if (has(bytes, len, "\"word\":\"far\"")) return say(answer, "{\"to\":\"far\"}");
  if (has(bytes, len, "\"word\":\"nowhere\"")) return say(answer, "{\"to\":\"moon\"}");
  if (has(bytes, len, "\"word\":\"smuggle\"")) return say(answer, "{\"set\":{\"secret\":\"x\"}}");
  if (has(bytes, len, "\"word\":\"open\"")) {
    ask(FALIN_HOST_CASE_OPEN, "{\"flow\":\"task\",\"fields\":{\"what\":\"opened by the library\"}}");
    ask(FALIN_HOST_NOTICE_SEND, "{\"to\":\"role:county_admin\",\"text\":{\"key\":\"look\"}}");
    return say(answer, "{}");
  }
  if (has(bytes, len, "\"word\":\"reach\""))
    return say(answer, ask(FALIN_HOST_MEDIATION_OPEN, "{\"fields\":{\"applicant\":\"x\"}}") == FALIN_NOT_GRANTED
                           ? "{\"set\":{\"note\":\"not granted\"}}"
                           : "{\"set\":{\"note\":\"granted\"}}");
  if (has(bytes, len, "\"word\":\"peek\""))
    return say(answer, ask(FALIN_HOST_DOCUMENT_GET, "{\"collection\":\"rota\",\"id\":\"1\"}") == FALIN_NOT_NOW
                           ? "{\"set\":{\"note\":\"they have moved on\"}}"
                           : "{\"set\":{\"note\":\"they are here\"}}");
  if (has(bytes, len, "\"word\":\"tally\"")) {
    struct timespec somebody_else = {0, 60000000};
    char json[120], version[20];
    int n, tries;
    for (tries = 0; tries < 5; tries++) {
      listen(FALIN_HOST_DOCUMENT_GET, "{\"collection\":\"rota\",\"id\":\"1\"}");
      if (!told_with((const uint8_t *)heard, strlen(heard), "\"version\":", version, sizeof version) ||
          sscanf(version, "%d", &n) != 1)
        return FALIN_FAULT;
      if (tries == 0) nanosleep(&somebody_else, NULL);
      snprintf(json, sizeof json, "{\"collection\":\"rota\",\"id\":\"1\",\"version\":%d,\"body\":{\"n\":%d}}", n, n);
      if (ask(FALIN_HOST_DOCUMENT_PUT, json) == FALIN_OK) break;
    }
    nanosleep(&somebody_else, NULL);
    return say(answer, "{}");
  }
  if (has(bytes, len, "\"word\":\"flood\"")) {
    flood();
    return say(answer, "{}");
  }
  if (has(bytes, len, "\"word\":\"named\""))
    return say(answer, has(bytes, len, "\"calls\":[\"decide\"]") ? "{\"set\":{\"note\":\"by name\"}}" : "{}");
  if (has(bytes, len, "\"word\":\"unanswered\"")) return FALIN_UNKNOWN_OP;
  if (has(bytes, len, "\"word\":\"break\"")) abort();
  if (has(bytes, len, "\"word\":\"hang\"")) for (;;) server = server;
  return say(answer, "{}");
}

static int32_t create(const falin_host *host, void **instance) {
  server = host;
  *instance = NULL;
  return host->major == FALIN_MAJOR ? FALIN_OK : FALIN_FAULT;
}

static int32_t call(void *instance, uint32_t op, const uint8_t *bytes, size_t len, const falin_sink *answer) {
  (void)instance;
  switch (op) {
    case FALIN_OP_GUARD: return guard(bytes, len, answer);
    case FALIN_OP_EVENT: return event(bytes, len, answer);
    case FALIN_OP_PAGE: return page(bytes, len, answer);
    case FALIN_OP_ACTION: return action(bytes, len, answer);
    case FALIN_OP_JOB: return job(bytes, len, answer);
    case FALIN_OP_STATS: return stats(bytes, len, answer);
#ifdef SHAPE
    case FALIN_OP_MIGRATE: return migrate(bytes, len, answer);
#endif
    case FALIN_OP_SELFTEST:
#ifdef SICK
      return FALIN_FAULT;
#endif
#ifdef UNWELL
      return say(answer, "{\"checks\":[{\"name\":\"c\",\"ok\":true},{\"name\":\"clock\",\"ok\":false}]}");
#endif
      return say(answer, "{\"checks\":[{\"name\":\"c\",\"ok\":true}]}");
    default: return FALIN_UNKNOWN_OP;
  }
}

static void destroy(void *instance) { (void)instance; }

const falin_plugin *falin_plugin_v1(void) {
  static const falin_plugin table = {
      FALIN_MAGIC, sizeof(falin_plugin), FALIN_MAJOR, FALIN_MINOR, NAME, VERSION, MANIFEST_SHA256,
      create,      call,                 destroy};
  return &table;
}
