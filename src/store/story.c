#include "src/store/story.h"

#include "src/base/alloc.h"
#include "src/store/query.h"

#include <stdlib.h>
#include <string.h>

/* A refund's own row is the only one that does not name it: the refund did not exist yet. */
static const char story_sql[] =
	"SELECT seq, at, who, kind, body FROM journal"
	" WHERE seq IN (SELECT seq FROM journal_sale WHERE sale_id = :id UNION SELECT :own) ORDER BY seq";

static void add(struct zg_story *story, size_t *room, struct zg_query *q)
{
	story->rows = zg_grow(story->rows, story->count, room, sizeof(*story->rows));
	struct zg_story_row *row = &story->rows[story->count++];
	const char *text = zg_column_text(q, 4);

	*row = (struct zg_story_row){ .seq = zg_column_integer(q, 0), .at_ms = zg_column_integer(q, 1) };
	zg_column_copy(q, 2, row->who, sizeof(row->who));
	zg_column_copy(q, 3, row->kind, sizeof(row->kind));
	row->body = zg_json_parse(text, strlen(text));
	if (!row->body)
		row->body = zg_json_object();
}

enum zg_result zg_story_read(const struct zg_store *store, const struct zg_sale_record *sale, struct zg_story *story,
			     struct zg_error *err)
{
	struct zg_query q = zg_query(store, story_sql);
	size_t room = 0;

	*story = (struct zg_story){ 0 };
	zg_bind_integer(&q, ":id", sale->id);
	zg_bind_integer(&q, ":own", sale->journal_seq);
	while (zg_query_row(&q))
		add(story, &room, &q);
	enum zg_result result = zg_query_end(&q, err);

	if (result != ZG_OK)
		zg_story_clear(story);
	return result;
}

void zg_story_clear(struct zg_story *story)
{
	for (size_t i = 0; i < story->count; i++)
		json_decref(story->rows[i].body);
	free(story->rows);
	*story = (struct zg_story){ 0 };
}
