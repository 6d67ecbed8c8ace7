/*
 * main.c - the way in. Everything else: app.c.
 */
#include "cli/app.h"

int main(int argc, char **argv)
{
    return cs_app_main(argc, argv);
}
