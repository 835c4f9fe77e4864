#include "tests/screen/demo.h"

#include "src/base/text.h"
#include "tui/widget/bigdigits.h"

#include <stdio.h>
#include <string.h>

static struct demo *state;

static const struct { const char *name, *quantity, *price, *off, *amount; } goods[] = {
	{ "农夫山泉 550ml", "1", "2.00", "", "4.00" },
	{ "康师傅红烧牛肉面 桶装", "1", "5.50", "-0.50", "5.00" },
	{ "三只松鼠 每日坚果 25g×7", "1", "39.90", "", "39.90" },
	{ "散装红富士苹果", "0.856kg", "12.98", "", "11.11" },
};

struct demo *demo_state(void)
{
	return state;
}

static void note(struct demo *demo, char act)
{
	size_t length = strlen(demo->acts);

	if (length + 1 < sizeof(demo->acts))
		demo->acts[length] = act;
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	(void)app;
	(void)with;
	state = self;
	state->input.room = ZG_CODE_MAX;
}

static void closed(struct zg_app *app, void *self)
{
	(void)app;
	zg_list_clear(&((struct demo *)self)->list);
}

static bool add(struct demo *demo, const char *text)
{
	if (demo->count < DEMO_ROWS)
		snprintf(demo->lines[demo->count++], sizeof(demo->lines[0]), "%s", text);
	zg_list_update(&demo->list, demo->count, NULL, NULL);
	zg_list_select(&demo->list, demo->count - 1);
	return true;
}

static bool scan(struct zg_app *app, void *self, const char *text)
{
	(void)app;
	return add(self, text);
}

static struct zg_input *input(void *self)
{
	return &((struct demo *)self)->input;
}

static void fit(void *self, int rows, int columns)
{
	struct demo *demo = self;

	(void)columns;
	zg_list_fit(&demo->list, rows - 6);
}

static void cell(const void *self, int row, int column, struct zg_cell *text)
{
	const struct demo *demo = self;
	size_t i = (size_t)row % 4;
	const char *texts[] = { NULL, goods[i].name, goods[i].quantity, goods[i].price, goods[i].off, goods[i].amount };

	(void)demo;
	if (column == 0)
		snprintf(text->text, sizeof(text->text), "%d", row + 1);
	else
		snprintf(text->text, sizeof(text->text), "%s", texts[column]);
}

static void draw(const struct zg_pane *pane, const void *self)
{
	static const struct zg_column columns[] = {
		{ "#", 3, true, 60 }, { "品名", 0, false, 0 }, { "数量", 8, true, 0 }, { "单价", 9, true, 60 },
		{ "优惠", 8, true, 70 }, { "小计", 11, true, 0 },
	};
	const struct demo *demo = self;
	struct zg_pane list = zg_pane_part(pane, 0, 0, pane->rows - 5, pane->columns);
	struct zg_pane total = zg_pane_part(pane, pane->rows - 4, 0, ZG_BIG_ROWS, pane->columns - 2);

	zg_list_draw(&list, &demo->list, columns, 6, cell, demo);
	zg_draw_rule(pane, pane->rows - 5);
	zg_big_draw(&total, 0, ZG_INK_DUE, "￥ 60.01");
	zg_input_draw(pane, pane->rows - 1, 1, 20, &demo->input, true);
}

static void settle(struct zg_app *app, void *self)
{
	struct demo *demo = self;

	note(demo, '+');
	snprintf(demo->answer, sizeof(demo->answer), "%s", demo->input.text);
	zg_input_clear(&demo->input);
	zg_app_say(app, "Settled.");
}

static void quantity(struct zg_app *app, void *self)
{
	(void)app;
	note(self, '*');
	zg_input_clear(&((struct demo *)self)->input);
}

static void off(struct zg_app *app, void *self)
{
	(void)app;
	note(self, '-');
}

static void enter(struct zg_app *app, void *self)
{
	struct demo *demo = self;

	(void)app;
	note(demo, 'E');
	if (demo->input.length > 0)
		add(demo, demo->input.text);
	zg_input_clear(&demo->input);
}

static void chosen(struct zg_app *app, void *self, int index)
{
	struct demo *demo = self;

	(void)app;
	snprintf(demo->answer, sizeof(demo->answer), "chose %d", index);
}

static void confirmed(struct zg_app *app, void *self, bool yes)
{
	struct demo *demo = self;

	(void)app;
	snprintf(demo->answer, sizeof(demo->answer), yes ? "yes" : "no");
}

static const char *filled(struct zg_app *app, void *self, const char *const *answers)
{
	struct demo *demo = self;

	(void)app;
	if (answers && strcmp(answers[1], "0000") == 0)
		return "That PIN is too easy.";
	snprintf(demo->answer, sizeof(demo->answer), "%s/%s", answers ? answers[0] : "-", answers ? answers[1] : "-");
	return NULL;
}

static void ask_choice(struct zg_app *app, void *self)
{
	static const char *const choices[] = { "现金", "微信", "支付宝" };

	(void)self;
	zg_app_choose(app, &(struct zg_choice){ .title = "付款方式", .choices = choices, .count = 3, .done = chosen });
}

static void ask_confirm(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_confirm(app, &(struct zg_confirm){ .title = "取消整单", .text = "四行商品都会取消。", .yes = "取消",
	                                          .dangerous = true, .done = confirmed });
}

static void ask_form(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_form(app, &(struct zg_form){ .title = "登录", .text = NULL,
	                                    .fields = { { .label = "姓名" }, { .label = "密码", .secret = true } },
	                                    .done = filled });
}

static void ask_code(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_form(app, &(struct zg_form){ .title = "退货", .fields = { { .label = "单号", .scan = true }, { .label = "原因" } },
	                                    .done = filled });
}

static void fail(struct zg_app *app, void *self)
{
	struct zg_error err;

	(void)self;
	zg_fail(&err, ZG_REFUSED, "The scale does not answer. Check its cable, then weigh again. %s",
	        "If it is still silent, weigh on the other scale and type the weight.");
	zg_app_fail(app, &err);
}

static const struct zg_key keys[] = {
	{ "demo.settle", '+', "结算", settle, NULL },
	{ "demo.quantity", '*', "数量", quantity, NULL },
	{ "demo.off", '-', "删行", off, NULL },
	{ "demo.enter", ZG_KEY_ENTER, "加入", enter, NULL },
	{ "demo.choose", ZG_KEY_F(2), "方式", ask_choice, NULL },
	{ "demo.find", ZG_KEY_F(3), "找货", fail, NULL },
	{ "demo.form", ZG_KEY_F(4), "旧单", ask_form, NULL },
	{ "demo.code", ZG_KEY_F(5), "退货", ask_code, NULL },
	{ "demo.cancel", ZG_KEY_CTRL('X'), "取消", ask_confirm, NULL },
	{ .action = NULL },
};

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	struct demo *demo = self;

	(void)app;
	return zg_key_is_text(code) ? false : zg_list_press(&demo->list, code);
}

const struct zg_screen demo_screen = {
	.title = "Sale", .size = sizeof(struct demo), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.fit = fit, .scan = scan, .input = input, .press = press,
};

void demo_status(void *context, struct zg_status *status)
{
	(void)context;
	*status = (struct zg_status){
		.shop = "小满便利店", .till = "1号台", .cashier = "林晓", .shift = "早班", .day = "11-23", .clock = "16:42",
		.lamps = {
			{ "网", NULL, ZG_LIGHT_WELL, -1 }, { "打印", "打", ZG_LIGHT_WELL, -1 }, { "纸", NULL, ZG_LIGHT_WELL, -1 },
			{ "箱", NULL, ZG_LIGHT_ABSENT, -1 }, { "待决", NULL, ZG_LIGHT_WELL, 0 },
		},
		.lamp_count = 5,
	};
}

struct harness *demo_open(int rows, int columns)
{
	struct zg_app_parts parts;

	harness_parts(&parts, rows, columns);
	parts.status = demo_status;
	return harness_open(&parts, &demo_screen, NULL);
}
