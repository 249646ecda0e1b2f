#include "query/parse.h"

#include <stdio.h>

bool lede_ast_is_plain(const lede_ast *ast)
{
    return ast->type == LEDE_AST_WORD && !ast->is_exact && !ast->is_pattern &&
           ast->edits == 0 && ast->field == LEDE_AST_ANY_FIELD;
}

const char *lede_ast_field_name(int field)
{
    static const char *const names[] = {"person", "place", "from"};

    return field >= LEDE_AST_PERSON && field < LEDE_AST_FIELD_END
               ? names[field - LEDE_AST_PERSON]
               : lede_field_name((lede_field)field);
}

static void format_node(const lede_ast *ast, lede_buf *out);

static void format_text(const lede_ast *ast, lede_buf *out)
{
    const char *quote = ast->type == LEDE_AST_PHRASE ? "\"" : "";

    if (ast->field != LEDE_AST_ANY_FIELD) {
        lede_buf_put_text(out, lede_ast_field_name(ast->field));
        lede_buf_put_text(out, ":");
    }
    lede_buf_put_text(out, ast->is_exact ? "=" : "");
    lede_buf_put_text(out, quote);
    lede_buf_put_span(out, ast->text);
    lede_buf_put_text(out, quote);
    if (ast->edits > 0 || ast->distance > 0) {
        lede_buf_put_format(out, "~%u", ast->edits + (unsigned)ast->distance);
    }
}

static void format_boost(const lede_ast *ast, lede_buf *out)
{
    if (!lede_is_one(ast->boost)) {
        lede_buf_put_format(out, "^%.6g", ast->boost);
    }
}

/* [from, to) in UTC; an open end is left out. */
static void format_time(const lede_ast *ast, lede_buf *out)
{
    lede_buf_put_text(out, ast->type == LEDE_AST_TIME ? "date:[" : "updated:[");
    if (ast->period.begin != INT64_MIN) {
        lede_instant_format(ast->period.begin, out);
    }
    lede_buf_put_text(out, ", ");
    if (ast->period.end != INT64_MAX) {
        lede_instant_format(ast->period.end, out);
    }
    lede_buf_put_text(out, ")");
}

static void format_month_days(lede_month_days days, lede_buf *out)
{
    lede_buf_put_format(out, "date:%02u-%02u", days.first / 100u,
                        days.first % 100u);
    if (days.last != days.first) {
        lede_buf_put_format(out, "..%02u-%02u", days.last / 100u,
                            days.last % 100u);
    }
}

static void name_operator(const lede_ast *ast, char *out, size_t size)
{
    if (ast->type != LEDE_AST_NEAR) {
        snprintf(out, size, "%s", ast->type == LEDE_AST_OR ? " OR " : " AND ");
    } else if (ast->how == LEDE_NEAR_SAME) {
        snprintf(out, size, " SAME ");
    } else {
        snprintf(out, size, " %s/%u ",
                 ast->how == LEDE_NEAR_ADJ ? "ADJ" : "NEAR",
                 (unsigned)ast->distance);
    }
}

static void format_children(const lede_ast *ast, lede_buf *out)
{
    char between[24];
    const lede_ast *child;

    name_operator(ast, between, sizeof between);
    for (child = ast->first; child != NULL; child = child->next) {
        if (child != ast->first) {
            lede_buf_put_text(out, between);
        }
        format_node(child, out);
    }
}

static bool is_operator(const lede_ast *ast)
{
    return (ast->type == LEDE_AST_AND || ast->type == LEDE_AST_OR ||
            ast->type == LEDE_AST_NEAR) &&
           lede_is_one(ast->boost);
}

static void format_node(const lede_ast *ast, lede_buf *out)
{
    switch (ast->type) {
    case LEDE_AST_WORD:
    case LEDE_AST_PHRASE:
        format_text(ast, out);
        break;
    case LEDE_AST_AND:
    case LEDE_AST_OR:
    case LEDE_AST_NEAR:
        lede_buf_put_text(out, "(");
        format_children(ast, out);
        lede_buf_put_text(out, ")");
        break;
    case LEDE_AST_NOT:
        lede_buf_put_text(out, "NOT ");
        format_node(ast->first, out);
        break;
    case LEDE_AST_TIME:
    case LEDE_AST_UPDATED:
        format_time(ast, out);
        break;
    case LEDE_AST_MONTH_DAYS:
        format_month_days(ast->days, out);
        break;
    case LEDE_AST_KIND:
        lede_buf_put_text(out, "kind:");
        lede_buf_put_text(out, lede_kind_name(ast->kind));
        break;
    case LEDE_AST_LANGUAGE:
        lede_buf_put_text(out, "lang:");
        lede_buf_put_span(out, ast->text);
        break;
    case LEDE_AST_COPIES:
        lede_buf_put_text(out, "dup:");
        lede_buf_put_text(out, lede_copies_wanted_name(ast->copies));
        break;
    case LEDE_AST_ALL:
        lede_buf_put_text(out, "*");
        break;
    }
    format_boost(ast, out);
}

static uint32_t count_plain(const lede_ast *ast)
{
    const lede_ast *child;
    uint32_t count = 0;

    for (child = ast->first; child != NULL; child = child->next) {
        count += lede_ast_is_plain(child);
    }
    return count;
}

static void format_plain_or(const lede_ast *ast, lede_buf *out)
{
    const lede_ast *child;
    bool is_first = true;

    for (child = ast->first; child != NULL; child = child->next) {
        if (lede_ast_is_plain(child)) {
            lede_buf_put_text(out, is_first ? "" : " OR ");
            format_node(child, out);
            is_first = false;
        }
    }
}

/* The top level of --match any: one of the plain words, and all the rest. */
static void format_any(const lede_ast *ast, uint32_t plain, lede_buf *out)
{
    const lede_ast *child;

    if (plain == ast->child_count) {
        format_plain_or(ast, out);
        return;
    }
    lede_buf_put_text(out, "(");
    format_plain_or(ast, out);
    lede_buf_put_text(out, ")");
    for (child = ast->first; child != NULL; child = child->next) {
        if (!lede_ast_is_plain(child)) {
            lede_buf_put_text(out, " AND ");
            format_node(child, out);
        }
    }
}

void lede_ast_format(const lede_ast *ast, bool match_any, lede_buf *out)
{
    uint32_t plain;

    if (ast == NULL) {
        return;
    }
    plain = match_any && ast->type == LEDE_AST_AND && lede_is_one(ast->boost)
                ? count_plain(ast)
                : 0;
    if (plain > 1) {
        format_any(ast, plain, out);
    } else if (is_operator(ast)) {
        format_children(ast, out);
    } else {
        format_node(ast, out);
    }
}
