/* A workflow that decides in code: what it does follows from the word that the form brings. */
#include <stdlib.h>
#include <string.h>

#include "falin_plugin.h"

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

static int32_t guard(const uint8_t *bytes, size_t len, const falin_sink *answer) {
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
  if (has(bytes, len, "\"word\":\"flood\"")) {
    int n = 0, last = FALIN_OK;
    for (; n < 100 && last == FALIN_OK; n++) last = ask(FALIN_HOST_CASE_OPEN, "{\"flow\":\"task\",\"fields\":{\"what\":\"x\"}}");
    return say(answer, "{}");
  }
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
    case FALIN_OP_SELFTEST: return say(answer, "{\"checks\":[{\"name\":\"c\",\"ok\":true}]}");
    default: return FALIN_UNKNOWN_OP;
  }
}

static void destroy(void *instance) { (void)instance; }

const falin_plugin *falin_plugin_v1(void) {
  static const falin_plugin table = {
      FALIN_MAGIC, sizeof(falin_plugin), FALIN_MAJOR, FALIN_MINOR, "decide", "1.0.0", MANIFEST_SHA256,
      create,      call,                 destroy};
  return &table;
}
