#include "corpus/json_tree.h"

#include <string.h>

#include "base/buf.h"
#include "corpus/json_mend.h"

typedef struct grower {
    lede_json *json;
    lede_arena *arena;
    uint32_t left; /* values that may still be made */
} grower;

/* One value that `token` begins, with all inside; *out is NULL for what is left
 * out. Recursion is bounded by the reader's depth. */
static lede_status grow(grower *g, const lede_json_token *token,
                        lede_json_value **out, lede_error *err);

static lede_json_value *value_new(grower *g, const lede_json_token *token)
{
    lede_json_value *value = lede_arena_get(g->arena, sizeof *value);

    if (value == NULL) {
        return NULL;
    }
    value->type = token->type;
    if (token->type == LEDE_JSON_STRING || token->type == LEDE_JSON_NUMBER) {
        value->text = lede_arena_copy(g->arena, token->text);
        if (value->text.bytes == NULL) {
            return NULL;
        }
    }
    g->left--;
    return value;
}

/* What is inside an object or array; what was read stays, even on failure. */
static lede_status grow_inside(grower *g, lede_json_value *parent,
                               lede_error *err)
{
    lede_json_value **link = &parent->first;
    lede_json_token token;
    lede_status status;

    while ((status = lede_json_next(g->json, &token, err)) == LEDE_OK &&
           token.type != LEDE_JSON_OBJECT_END &&
           token.type != LEDE_JSON_ARRAY_END) {
        lede_span key = {NULL, 0};

        if (token.type == LEDE_JSON_KEY) {
            key = lede_arena_copy(g->arena, token.text);
            if (key.bytes == NULL) {
                return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
            }
            status = lede_json_next(g->json, &token, err);
        }
        if (status == LEDE_OK) {
            status = grow(g, &token, link, err);
        }
        if (*link != NULL) {
            (*link)->key = key;
            link = &(*link)->next;
        }
        if (status != LEDE_OK) {
            break;
        }
    }
    return status;
}

static lede_status grow(grower *g, const lede_json_token *token,
                        lede_json_value **out, lede_error *err)
{
    bool is_open =
        token->type == LEDE_JSON_OBJECT || token->type == LEDE_JSON_ARRAY;

    if (g->left == 0) {
        return is_open ? lede_json_skip(g->json, err) : LEDE_OK;
    }
    *out = value_new(g, token);
    if (*out == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    return is_open ? grow_inside(g, *out, err) : LEDE_OK;
}

static lede_status read_all(lede_span text, lede_arena *arena,
                            lede_json_value *list, bool *is_broken,
                            lede_error *err)
{
    grower g = {.arena = arena, .left = LEDE_JSON_TREE_MAX_VALUES};
    lede_json_value **link = &list->first;
    lede_error local = {0};
    lede_json_token token;
    lede_status status;

    g.json = lede_json_new();
    if (g.json == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    *list = (lede_json_value){.type = LEDE_JSON_ARRAY};
    lede_json_begin(g.json, text);
    while ((status = lede_json_next(g.json, &token, &local)) == LEDE_OK) {
        status = grow(&g, &token, link, &local);
        if (*link != NULL) {
            link = &(*link)->next;
        }
        if (status != LEDE_OK) {
            break;
        }
    }
    lede_json_free(g.json);
    *is_broken = status == LEDE_BAD_INPUT;
    if (status == LEDE_NO_MEMORY) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    return LEDE_OK;
}

lede_status lede_json_tree_read(lede_span text, lede_arena *arena,
                                const lede_json_value **out, lede_error *err)
{
    lede_json_value *list = lede_arena_get(arena, sizeof *list);
    lede_buf mended = {0};
    bool is_broken = false;
    lede_status status;

    if (list == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    status = read_all(text, arena, list, &is_broken, err);
    if (status == LEDE_OK && is_broken) {
        lede_json_mend(text, &mended);
        status = mended.failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                               : LEDE_OK;
        if (status == LEDE_OK) {
            lede_json_value again = {0};

            status = read_all(lede_buf_span(&mended), arena, &again, &is_broken,
                              err);
            if (status == LEDE_OK && (!is_broken || list->first == NULL)) {
                *list = again;
            }
        }
    }
    lede_buf_done(&mended);
    if (status == LEDE_OK) {
        *out = list;
    }
    return status;
}

const lede_json_value *lede_json_member(const lede_json_value *object,
                                        const char *key)
{
    const lede_json_value *member;

    if (object == NULL || object->type != LEDE_JSON_OBJECT) {
        return NULL;
    }
    for (member = object->first; member != NULL; member = member->next) {
        if (lede_span_is(member->key, key)) {
            return member;
        }
    }
    return NULL;
}

lede_span lede_json_value_text(const lede_json_value *value)
{
    static const char *const keys[] = {"@value", "name", "url"};
    size_t i;

    while (value != NULL && value->type == LEDE_JSON_ARRAY) {
        value = value->first;
    }
    if (value == NULL) {
        return lede_span_of(NULL, 0);
    }
    if (value->type == LEDE_JSON_STRING || value->type == LEDE_JSON_NUMBER) {
        return lede_span_trim(value->text);
    }
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const lede_json_value *member = lede_json_member(value, keys[i]);

        if (member != NULL && member->type == LEDE_JSON_STRING) {
            return lede_span_trim(member->text);
        }
    }
    return lede_span_of(NULL, 0);
}

lede_span lede_json_member_text(const lede_json_value *object, const char *key)
{
    return lede_json_value_text(lede_json_member(object, key));
}
