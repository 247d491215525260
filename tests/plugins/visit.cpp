// A county workflow in C++, with nothing but the header: it counts the steps that it has allowed, and one page
// throws across the border, which must cost that call alone.
#include <stdexcept>
#include <string>

#include "falin_plugin.h"

namespace {

struct Visit {
  explicit Visit(const falin_host *host) : server(host) {}
  const falin_host *server;
  int allowed = 0;
};

int32_t say(const falin_sink *answer, const std::string &text) {
  return answer->write(answer->ctx, reinterpret_cast<const uint8_t *>(text.data()), text.size());
}

int32_t guard(Visit &visit, const std::string &asked, const falin_sink *answer) {
  if (asked.find("\"matter\"") == std::string::npos) {
    say(answer, R"({"key":"matter-missing","fields":{"matter":{"key":"matter-missing"}}})");
    return FALIN_REFUSED;
  }
  visit.allowed += 1;
  return say(answer, R"({"set":{"allowed":)" + std::to_string(visit.allowed) + "}}");
}

int32_t create(const falin_host *host, void **instance) {
  *instance = new Visit(host);
  return FALIN_OK;
}

int32_t call(void *instance, uint32_t op, const uint8_t *bytes, size_t len, const falin_sink *answer) {
  auto &visit = *static_cast<Visit *>(instance);
  const std::string asked(reinterpret_cast<const char *>(bytes), len);
  switch (op) {
    case FALIN_OP_GUARD:
      return guard(visit, asked, answer);
    case FALIN_OP_JOB:
      return visit.server->call(visit.server->ctx, FALIN_HOST_CLOCK, nullptr, 0, answer);
    case FALIN_OP_SELFTEST:
      return say(answer, R"({"checks":[{"name":"c++","ok":true}]})");
    case FALIN_OP_PAGE:
      throw std::runtime_error("across the border");
    default:
      return FALIN_UNKNOWN_OP;
  }
}

void destroy(void *instance) { delete static_cast<Visit *>(instance); }

}  // namespace

const falin_plugin *falin_plugin_v1(void) {
  static const falin_plugin table = {
      FALIN_MAGIC, sizeof(falin_plugin), FALIN_MAJOR, FALIN_MINOR, "rogue", "1.0.0",
      {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7},
      create, call, destroy};
  return &table;
}
