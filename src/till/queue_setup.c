/* The print queue's printer: what the config makes of it, and slips in its language. */
#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/io/data.h"
#include "src/shop/receipt.h"
#include "src/till/queue_private.h"

#include <string.h>

static const struct zg_printer_driver *driver_find(const struct zg_queue *queue, const char *name)
{
	for (const struct zg_printer_driver *const *driver = queue->parts.drivers; *driver; driver++) {
		if (!strcmp((*driver)->name, name))
			return *driver;
	}
	return NULL;
}

static enum zg_link_flow flow_of(enum zg_printer_flow flow)
{
	if (flow == ZG_FLOW_XONXOFF)
		return ZG_LINK_FLOW_XONXOFF;
	return flow == ZG_FLOW_RTSCTS ? ZG_LINK_FLOW_RTSCTS : ZG_LINK_FLOW_NONE;
}

static enum zg_result read_profile(struct zg_queue *queue, struct zg_error *err)
{
	const struct zg_config *config = &queue->used;
	enum zg_result result = zg_data_profile(queue->parts.directories, queue->parts.directory_count,
						config->profile[0] ? config->profile : "generic-58", &queue->profile, err);

	if (result != ZG_OK)
		return result;
	queue->driver = driver_find(queue, queue->profile.driver);
	if (!queue->driver)
		return zg_fail(err, ZG_USAGE, _("The printer profile %s asks for the driver %s, which this program does not have. "
						"Choose another profile."), queue->profile.name, queue->profile.driver);
	if (!config->has_drawer)
		queue->profile.drawer_pin = 0;
	else if (config->drawer_pin)
		queue->profile.drawer_pin = config->drawer_pin;
	if (config->drawer_on_ms)
		queue->profile.drawer_on_ms = config->drawer_on_ms;
	return ZG_OK;
}

void zg_queue_set_up(struct zg_queue *queue, const struct zg_link_events *events)
{
	struct zg_link_address address;
	struct zg_error err = { 0 };

	queue->used = *queue->parts.config;
	queue->driver = NULL;
	queue->setup_problem[0] = '\0';
	if (!queue->used.link[0])
		return;
	enum zg_result result = read_profile(queue, &err);

	if (result == ZG_OK) {
		struct zg_link_mode mode = { .baud = queue->profile.baud, .bits = 8, .parity = 'N', .stop = 1,
					     .flow = flow_of(queue->profile.flow) };

		result = zg_link_parse(queue->used.link, &mode, &address, &err);
	}
	if (result != ZG_OK) {
		queue->driver = NULL;
		memcpy(queue->setup_problem, err.text, sizeof(queue->setup_problem));
		zg_log_say(queue->parts.log, "printer: %s", err.text);
		return;
	}
	queue->link = zg_link_open(queue->parts.loop, &address, events, queue);
}

static enum zg_result lay_out(struct zg_queue *queue, const struct zg_job *job, const json_t *tree,
			      const struct zg_buffer *text, struct zg_buffer *out, size_t *rows, struct zg_error *err)
{
	struct zg_paper paper;
	enum zg_result result = zg_receipt_layout(zg_buffer_text(text), text->length, job->kind, tree, queue->profile.columns,
						  queue->gbk, &paper, err);

	if (result == ZG_OK) {
		*rows = paper.count;
		queue->driver->build(&queue->profile, &paper, queue->gbk, (unsigned)(job->id % 10000), out);
	}
	zg_paper_clear(&paper);
	return result;
}

enum zg_result zg_queue_build(struct zg_queue *queue, const struct zg_job *job, const char *document, struct zg_buffer *out,
			      size_t *rows, struct zg_error *err)
{
	json_t *tree = zg_json_parse(document, strlen(document));
	struct zg_buffer text = { 0 };
	struct zg_error fault = { 0 };
	enum zg_slip slip;

	if (!tree || !zg_slip_find(job->kind, &slip)) {
		json_decref(tree);
		return zg_fail(err, ZG_BROKEN, _("This slip cannot be read any more. Print it again from the list of sales."));
	}
	enum zg_result result = zg_data_template(queue->parts.directories, queue->parts.directory_count, slip,
						 zg_config_slip_language(queue->parts.config), &text, &fault);

	if (fault.text[0])
		zg_log_say(queue->parts.log, "printer: %s", fault.text);
	if (result == ZG_OK)
		result = lay_out(queue, job, tree, &text, out, rows, err);
	else
		(void)zg_fail(err, result, "%s", fault.text);
	zg_buffer_clear(&text);
	json_decref(tree);
	return result;
}
