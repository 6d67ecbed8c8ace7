/*
 * main.c - the way in. Everything else: app.c.
 */
#include "cli/launch.h"

int main(int argc, char **argv)
{
    return cs_launch(argc, argv);
}
